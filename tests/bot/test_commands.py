"""The slash commands as a manager and as a player meet them."""

from pathlib import Path

import pytest
from fakes.tavern import tavern

from bot.client import Client
from bot.sync import sync_when_changed


async def test_binding_shows_what_is_in_force_and_where_it_comes_from(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        text = await at.command(at.owner, "channel bind", at=at.back_room, profile="backup")
        assert "**Profile:** backup (set by the channel)" in text
        assert "**Character:** Mira" in text
        at.backup.say("Here too.")
        await at.ann.send(at.back_room, "Hello?")
        await at.quiet()
        assert at.said(at.back_room)[-1] == "Here too."


async def test_unbinding_makes_silent(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert await at.command(at.owner, "channel unbind") == "I am silent here now."
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello?"]


async def test_in_mention_mode_only_a_call_is_answered_but_all_is_remembered(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        text = await at.command(
            at.owner, "channel mode", mode="mention", wake_words="Mira, barkeep"
        )
        assert "**Wake words:** Mira, barkeep" in text
        await at.ann.send(at.hearth, "Quiet tonight.")
        await at.quiet()
        assert at.llm.requests == []
        await at.ben.send(at.hearth, "Barkeep! What did Ann say?")
        await at.quiet()
        assert "Ann: Quiet tonight." in str(at.llm.requests[0].body["messages"])


async def test_switching_resetting_and_the_servers_default(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert await at.command(at.owner, "profile switch", name="backup") == (
            "This channel now uses backup; before it was main."
        )
        assert "set by the channel" in await at.command(at.owner, "channel show")
        assert await at.command(at.owner, "profile reset") == (
            "This channel uses main, set by the config."
        )
        await at.command(at.owner, "profile default", name="backup")
        assert "backup (set by the server)" in await at.command(at.owner, "channel show")
        await at.command(at.owner, "profile default")
        assert "main (set by the config)" in await at.command(at.owner, "channel show")


async def test_a_profile_that_is_not_there_is_named_with_its_nearest(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        text = await at.command(at.owner, "profile switch", name="bakup")
        assert text == "There is no profile “bakup”. Did you mean “backup”?"


async def test_list_and_show_name_everything_but_the_key(tmp_path: Path) -> None:
    profiles = {
        "main": {
            "baseURL": "http://127.0.0.1:9/v1",
            "apiKey": "sk-canary-1234567890",
            "model": "m",
            "sampler": {"temperature": 0.7, "topP": 0.9},
        }
    }
    async with tavern(tmp_path, profiles=profiles) as at:
        assert "**main**: m at http://127.0.0.1:9/v1 ← used here" in await at.command(
            at.owner, "profile list"
        )
        text = await at.command(at.owner, "profile show")
        assert "topP: 0.9 · sent as top_p" in text
        assert "API key: set" in text
        assert "canary" not in text


async def test_a_profile_is_tried_with_a_real_reply(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("Hello to you.")
        assert "> Hello to you." in await at.command(at.owner, "profile test")
        at.llm.fail(401)
        text = await at.command(at.owner, "profile test", name="main")
        assert text.startswith("❌ main:")


@pytest.mark.parametrize("name", ["channel bind", "channel unbind", "profile list", "reset"])
async def test_players_do_not_see_the_managers_commands(tmp_path: Path, name: str) -> None:
    async with tavern(tmp_path) as at:
        assert name not in at.ann.available_commands(at.hearth)
        assert name in at.owner.available_commands(at.hearth)


async def test_help_tells_players_only_what_they_can_do(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        players = await at.command(at.ann, "help")
        managers = await at.command(at.owner, "help")
        assert "`/retry` Answer" in players
        assert "`/reset`" not in players
        assert "`/channel` bind" in managers
        topic = await at.command(at.owner, "help", topic="channel")
        assert "`/channel unbind`" in topic
        assert "no command" in await at.command(at.ann, "help", topic="reset")


async def test_what_help_says_fits_whatever_there_is(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.app.client.owner_id = at.owner.id
        text = await at.command(at.owner, "help")
        assert text.endswith("*Apps*.")


async def test_profile_names_are_offered_while_one_types(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        offered = await at.owner.autocomplete(at.hearth, "profile switch", "name", "ba")
        assert [choice["value"] for choice in offered] == ["backup"]


async def test_commands_are_registered_once_until_they_change(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        client = at.app.client
        memory = Remembering()
        assert isinstance(client, Client)
        assert await sync_when_changed(client.tree, memory, guild=None)
        assert not await sync_when_changed(client.tree, memory, guild=None)
        client.tree.remove_command("help")
        assert await sync_when_changed(client.tree, memory, guild=None)


class Remembering:
    def __init__(self) -> None:
        self._values: dict[str, object] = {}

    async def get(self, key: str) -> object:
        return self._values.get(key)

    async def set(self, key: str, value: object) -> None:
        self._values[key] = value
