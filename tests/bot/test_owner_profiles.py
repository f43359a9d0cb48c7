"""/profiles, as the bot's owner, a server's manager and a player meet it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fakes.presets import as_file, text_completion
from fakes.tavern import Tavern, tavern
from simcord import InteractionResult

from bot.app import open_app
from bot.clock import SystemClock
from bot.config.load import load

COMMANDS = ["add", "copy", "edit", "model", "move", "reload", "remove", "sampler", "who"]


@asynccontextmanager
async def owned(folder: Path, **sections: Any) -> AsyncGenerator[Tavern]:
    """Olga, who owns the server, owns the bot too."""
    async with tavern(folder, **sections) as at:
        at.app.client.owner_id = at.owner.id
        yield at


async def fill(at: Tavern, command: str, values: dict[str, str], **options: str) -> str:
    """Use a command that shows a form, and submit the form."""
    shown = await at.owner.slash(at.hearth, command, **options)
    assert shown.modal, shown.response
    return said(await at.owner.submit_modal(shown, values))


def said(result: InteractionResult) -> str:
    answer = result.followups[-1] if result.followups else result.response
    assert answer
    assert answer.ephemeral
    return answer.content


async def add(at: Tavern, name: str, **values: str) -> str:
    filled = {"baseURL": at.backup.url, "model": "scripted"} | values
    return await fill(at, "profiles add", filled, name=name)


async def give(at: Tavern, name: str, **body: Any) -> None:
    """A profile that was added before."""
    whole = {"baseURL": at.backup.url, "model": "scripted"} | body
    await at.app.reloading.reloader.save(name, whole, by=at.owner.id)


async def test_an_added_profile_is_probed_tried_and_ready(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEW_KEY=made-up-new-key", "utf-8")
    async with owned(tmp_path) as at:
        at.backup.say("Hello to you.")
        text = await add(at, "fresh", apiKey="${NEW_KEY}", further='{"sampler": {"topP": 0.5}}')
        assert text.startswith("“fresh” is saved and can be used now.\nThe server is up (")
        assert "> Hello to you." in text
        asked = at.backup.requests[0]
        assert asked.headers["authorization"] == "Bearer made-up-new-key"
        assert asked.body["top_p"] == 0.5
        await at.command(at.owner, "profile switch", name="fresh")
        at.backup.say("Fresh!")
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert at.said(at.hearth)[-1] == "Fresh!"
    stored = (tmp_path / "data" / "roleforge.db").read_bytes()
    assert b"${NEW_KEY}" in stored
    assert b"made-up-new-key" not in stored


async def test_a_model_is_chosen_from_those_that_the_server_lists(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        at.backup.models = ["mira-12b", "mira-70b", "other"]
        await add(at, "fresh", model="mira-12b")
        offered = await at.owner.autocomplete(
            at.hearth, "profiles model", "model", "MIRA", name="fresh"
        )
        assert [choice["value"] for choice in offered] == ["mira-12b", "mira-70b"]
        at.backup.say("Hello.")
        text = await at.command(at.owner, "profiles model", name="fresh", model="mira-70b")
        assert text.startswith("“fresh” is saved and can be used now.")
        assert at.backup.requests[-1].body["model"] == "mira-70b"


async def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await give(at, "fresh")
    loaded = load(tmp_path / "config.json", {})
    async with open_app(loaded, clock=SystemClock()) as app:
        assert list(app.reloading.reloader.added) == ["fresh"]
        assert app.reloading.reloader.left_out == ()


async def test_a_typed_key_is_refused_kept_nowhere_and_never_repeated(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        text = await add(at, "fresh", apiKey="sk-canary-1234567890")
        assert text.startswith("That looks like a key itself, and Discord has seen it now.")
        assert "revoke" in text
        assert "canary" not in text
        assert "fresh" not in await at.command(at.owner, "profile list")
    assert b"canary" not in (tmp_path / "data" / "roleforge.db").read_bytes()


async def test_faults_are_told_by_the_keys_name(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        text = await add(at, "fresh", baseURL="localhost:1", fallbackProfiles="nobody")
        assert "profile fresh: baseURL: Put http:// or https:// in front" in text
        assert "profile fresh: fallbackProfiles[0]: There is no profile of this name." in text
        assert "The environment variable NOT_THERE is not set" in await add(
            at, "fresh", apiKey="${NOT_THERE}"
        )
        assert "There is a profile “main” already." in await at.command(
            at.owner, "profiles add", name="main"
        )


async def test_a_sick_server_is_saved_all_the_same_and_its_trouble_told(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await at.backup.refuse()
        text = await add(at, "fresh", further='{"maxRetries": 0}')
        assert "is saved" in text
        assert "The server is down" in text
        assert "❌ fresh:" in text


async def test_editing_begins_with_what_is_there(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await give(at, "fresh", sampler={"topP": 0.5})
        shown = await at.owner.slash(at.hearth, "profiles edit", name="fresh")
        assert "topP" in str(shown.modal)
        await at.owner.submit_modal(shown, {"model": "other", "baseURL": at.backup.url})
        assert at.backup.requests[-1].body["model"] == "other"
        for command in ("profiles edit", "profiles remove"):
            text = await at.command(at.owner, command, name="main")
            assert text.startswith("“main” is in config.json: change it there.")
            assert "was added here" in await at.command(at.owner, command, name="nobody")


async def test_a_copy_takes_all_but_a_key_that_is_written_out(tmp_path: Path) -> None:
    main = {"baseURL": "http://127.0.0.1:9/v1", "apiKey": "sk-canary-1234567890", "model": "m"}
    async with owned(tmp_path, profiles={"main": main}) as at:
        shown = await at.owner.slash(at.hearth, "profiles copy", name="main", new_name="copy")
        assert "127.0.0.1:9" in str(shown.modal)
        assert "canary" not in str(shown.modal)
        text = said(await at.owner.submit_modal(shown, {"baseURL": at.llm.url, "model": "m"}))
        assert "“copy” is saved" in text


async def test_who_uses_it_is_named_and_removing_asks_first(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await give(at, "old")
        await give(at, "other", fallbackProfiles=["old"])
        await at.command(at.owner, "channel bind", at=at.back_room, profile="old")
        await at.command(at.owner, "profile default", name="old")
        text = await at.command(at.owner, "profiles who", name="old")
        assert f"- The Tavern: its default, <#{at.back_room.id}>" in text
        assert "- as a fallback: other" in text
        asked = await at.owner.slash(at.hearth, "profiles remove", name="old")
        assert asked.response
        assert "Remove “old” for good?" in asked.response.content
        assert "**old**" in await at.command(at.owner, "profile list")
        await at.owner.click(asked.response, label="Remove it")
        assert asked.response
        assert asked.response.content == (
            "“old” is removed. Channels that fall back to their server's profile: 1. "
            "Servers that fall back to the config's: 1."
        )
        assert asked.response.components == []
        listed = await at.command(at.owner, "profile list")
        assert "**old**" not in listed
        assert "**other**" in listed
        at.llm.say("The default speaks.")
        await at.ann.send(at.back_room, "Hello?")
        await at.quiet()
        assert at.said(at.back_room)[-1] == "The default speaks."


async def test_the_default_says_that_everybody_uses_it(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        text = await at.command(at.owner, "profiles who", name="main")
        assert "everybody who chose nothing" in text
        assert await at.command(at.owner, "profiles who", name="backup") == (
            "“backup” is used by:\n- as a fallback: main"
        )


async def test_a_key_is_rotated_without_a_pause(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY_1=made-up-one\nKEY_2=made-up-two", "utf-8")
    async with owned(tmp_path) as at:
        await give(at, "old", apiKey="${KEY_1}")
        for channel in (at.hearth, at.back_room):
            await at.command(at.owner, "channel bind", at=channel, profile="old")
        await give(at, "new", apiKey="${KEY_2}")
        rest = asyncio.Event()
        at.backup.say("A long", rest, " tale.")
        await at.ann.send(at.hearth, "Tell me a long tale.")
        await at.until(lambda: bool(at.backup.requests))
        moved = await at.owner.slash(at.hearth, "profiles move", old="old", new="new")
        assert said(moved) == "Moved from old to new: channels 2, servers' defaults 0."
        asked = await at.owner.slash(at.hearth, "profiles remove", name="old")
        assert asked.response
        await at.owner.click(asked.response, label="Remove it")
        at.backup.say("At once.")
        await at.ben.send(at.back_room, "And me?")
        await at.until(lambda: at.said(at.back_room)[-1] == "At once.")
        assert not at.backup.requests[0].gone.is_set()
        rest.set()
        await at.quiet()
        assert at.said(at.hearth)[-1] == "A long tale."
        keys = [request.headers["authorization"] for request in at.backup.requests]
        assert keys == ["Bearer made-up-one", "Bearer made-up-two"]


async def test_a_move_can_be_taken_back(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await at.command(at.owner, "channel bind", at=at.hearth, profile="main")
        moved = await at.owner.slash(at.hearth, "profiles move", old="main", new="backup")
        assert "Whoever chose nothing still uses main" in said(moved)
        assert "backup (set by the channel)" in await at.command(at.owner, "channel show")
        assert moved.response
        await at.owner.click(moved.response, label="Undo")
        assert "main (set by the channel)" in await at.command(at.owner, "channel show")
        assert "channels 0" in await at.command(at.owner, "profiles move", old="x", new="main")
        assert "no profile “x”" in await at.command(at.owner, "profiles move", old="main", new="x")


async def test_a_manager_moves_the_channels_of_the_own_server(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "channel bind", at=at.back_room, profile="main")
        text = await at.command(at.owner, "profile move", old="main", new="backup")
        assert text.startswith("Moved from main to backup: channels 1, servers' defaults 0.")


async def test_reloading_tells_what_changed_and_every_fault(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        assert await at.command(at.owner, "profiles reload") == "Nothing has changed."
        (tmp_path / "config.json").write_text('{\n "profiles": {"a": {"modle": 1}}\n}', "utf-8")
        text = await at.command(at.owner, "profiles reload")
        assert "config.json does not hold, so nothing has changed:" in text
        assert "config.json:2:21: profiles.a.modle: Unknown key." in text


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_manager_who_does_not_own_the_bot_is_refused(tmp_path: Path, command: str) -> None:
    options: dict[str, dict[str, Any]] = {
        "reload": {},
        "model": {"name": "main", "model": "m"},
        "move": {"old": "main", "new": "backup"},
        "copy": {"name": "main", "new_name": "x"},
        "sampler": {"name": "main", "file": ("x.json", b"{}")},
    }
    async with tavern(tmp_path) as at:
        given = options.get(command, {"name": "main"})
        text = await at.command(at.owner, f"profiles {command}", **given)
        assert text == "This is for the bot's owner alone."
        assert f"profiles {command}" not in at.ann.available_commands(at.hearth)


async def test_help_names_the_owners_commands_to_the_owner_alone(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        for owner, told in ((at.owner.id, True), (at.ben.id, False)):
            at.app.client.owner_id = owner
            text = await at.command(at.owner, "help")
            assert ("`/profiles` add" in text) is told
            assert "`/profile` " in text


async def test_names_are_offered_that_can_be_changed_here(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await give(at, "fresh")
        for command, names in (("edit", ["fresh"]), ("copy", ["backup", "fresh", "main"])):
            offered = await at.owner.autocomplete(at.hearth, f"profiles {command}", "name", "")
            assert [choice["value"] for choice in offered] == names
        types = await at.owner.autocomplete(at.hearth, "profiles add", "type", "openai")
        assert "openai" in [choice["value"] for choice in types]


async def test_a_presets_sampler_is_laid_over_a_profiles(tmp_path: Path) -> None:
    async with owned(tmp_path) as at:
        await give(at, "fresh", sampler={"topP": 0.5, "temperature": 0.1})
        at.backup.say("Hello to you.")
        file = ("Warm.json", as_file(text_completion()))
        told = said(await at.owner.slash(at.hearth, "profiles sampler", name="fresh", file=file))
        assert told.startswith("**Warm**: sampler\n- temp: temperature = 1.25\n")
        assert "- genamt: max_completion_tokens = 300" in told
        assert "“fresh” is saved" in told
        body = at.backup.requests[0].body
        assert (body["temperature"], body["top_p"]) == (1.25, 0.5)
        fixed = said(await at.owner.slash(at.hearth, "profiles sampler", name="main", file=file))
        assert "is in config.json" in fixed
