"""/lorebook, as a manager and a player meet it, and what the model then reads."""

import json
from pathlib import Path
from typing import Any

import simcord
from fakes.cards import as_json, v2
from fakes.lore import book, entry
from fakes.tavern import Tavern, tavern
from simcord import InteractionResult, ResponseMessage

from bot.checks import ManagersOnly
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.read import read_file
from roleplay.lorebooks.write import card_book_of, world_of

WORLD = book(
    entry(1, "dragon", content="{{char}} fears dragons.", comment="Dragons"),
    entry(2, "inn", "tavern", content="The inn is old.", secondary_keys=("night",)),
    name="World",
)


def answer(result: InteractionResult) -> ResponseMessage:
    found = result.followups[-1] if result.followups else result.response
    assert found
    assert found.ephemeral
    return found


async def bring(at: Tavern, world: Lorebook = WORLD, **options: Any) -> str:
    data = json.dumps(world_of(world)).encode()
    return await at.command(at.owner, "lorebook import", file=("world.json", data), **options)


async def heard(at: Tavern, text: str) -> str:
    """What the model is sent after somebody has said that."""
    at.llm.say("Well.")
    await at.ann.send(at.hearth, text)
    await at.quiet()
    return str(at.llm.requests[-1].body["messages"])


async def test_an_attached_book_joins_when_its_key_is_said(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "**World** is imported: 2 entries." in await bring(at)
        assert "fears" not in await heard(at, "A dragon!")
        text = await at.command(at.owner, "lorebook attach", name="world")
        assert text == f"**World** counts in <#{at.hearth.id}>."
        assert "Mira fears dragons." in await heard(at, "A dragon!")
        await at.command(at.owner, "lorebook detach", name="World")
        assert "fears" not in await heard(at, "A dragon!")


async def test_sticky_lasts_as_many_messages_as_it_says(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        world = book(entry(1, "dragon", content="A secret.", sticky=4, scan_depth=1))
        await bring(at, world, attach="server")
        assert "A secret." in await heard(at, "A dragon!")
        assert "A secret." in await heard(at, "Where?")
        assert "A secret." in await heard(at, "There?")
        assert "A secret." not in await heard(at, "Gone?")


async def test_a_book_counts_only_where_it_is_attached(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, book(entry(1, "a", content="Of the server."), name="1"), attach="server")
        await bring(at, book(entry(1, "a", content="Elsewhere."), name="2"))
        await at.command(at.owner, "lorebook attach", at=at.back_room, name="2")
        text = await heard(at, "a")
        assert "Of the server." in text
        assert "Elsewhere." not in text
        listed = await at.command(at.owner, "lorebook list")
        assert listed.splitlines() == [
            "**1**: 1 entry, in this server",
            f"**2**: 1 entry, in <#{at.back_room.id}>",
        ]


async def test_the_test_says_what_fires_and_why_not(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, attach="channel")
        text = await at.command(at.owner, "lorebook test", text="A dragon in the inn!")
        fired, missed, head = text.splitlines()
        assert fired.startswith("in: Dragons (World)")
        assert "key “dragon”" in fired
        assert missed == "out: inn, tavern (World), secondary keys: AND\\_ANY: night"
        assert "0 entries were not called" in head
        assert at.llm.requests == []


async def test_entries_are_written_changed_turned_off_and_removed(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, attach="channel")
        form = await at.owner.slash(at.hearth, "lorebook entry add", book="World")
        written = {
            "title": "Sea",
            "keys": "sea, /oce.{1,2}n/i",
            "secondary": "",
            "content": "The sea is salt.",
            "further": '{"order": 7, "sticky": 2}',
        }
        text = answer(await at.owner.submit_modal(form, written)).content
        assert text == "“Sea” is added to **World**."
        assert "The sea is salt." in await heard(at, "Ocean")
        form = await at.owner.slash(at.hearth, "lorebook entry edit", book="World", entry="#3")
        changed = written | {"content": "The sea is sweet.", "further": '{"order": 7}'}
        assert "changed" in answer(await at.owner.submit_modal(form, changed)).content
        assert "The sea is sweet." in await heard(at, "Ocean")
        text = await at.command(at.owner, "lorebook entry toggle", book="World", entry="sea")
        assert text == "“Sea” is off."
        assert "sweet" not in await heard(at, "Ocean")
        text = await at.command(at.owner, "lorebook entry remove", book="World", entry="#3")
        assert text == "“Sea” is removed."
        assert "no entry" in await at.command(
            at.owner, "lorebook entry remove", book="World", entry="#3"
        )


async def test_a_wrong_form_changes_nothing_and_says_why(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at)
        for further, told in {
            "{": "The further fields are no JSON object.",
            '{"depth": "deep"}': "further fields: depth is a text, not a number.",
            '{"position": 99}': "position is 99",
        }.items():
            form = await at.owner.slash(at.hearth, "lorebook entry edit", book="World", entry="#1")
            text = answer(await at.owner.submit_modal(form, {"further": further})).content
            assert told in text
        assert (await exported(at, "World")).entries == WORLD.entries


async def exported(at: Tavern, name: str, **options: str) -> Lorebook:
    sent = answer(await at.owner.slash(at.hearth, "lorebook export", name=name, **options))
    file = sent.attachments[0]
    return read_file(await file.read(), file.filename)


async def test_an_export_is_the_book_that_was_brought(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at)
        for form in ("sillytavern", "v3"):
            assert await exported(at, "World", format=form) == WORLD


async def test_faults_of_files_and_names_are_told(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        sent = ("bad.json", b'{"entries": [{"content": []}]}')
        text = await at.command(at.owner, "lorebook import", file=sent)
        assert text.startswith("bad.json: entries[0]: content is a list, not a text.")
        await bring(at)
        assert "already" in await bring(at)
        assert "**World** is replaced: 1 entry." in await bring(at, book(entry(1)), replace="World")
        assert "Did you mean “World”?" in await at.command(at.owner, "lorebook show", name="Wrld")


async def test_pages_turn(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, book(*[entry(at, f"key{at}") for at in range(25)], name="Big"))
        shown = answer(await at.owner.slash(at.hearth, "lorebook show", name="Big"))
        assert "**Big**, 25 entries, revision 1" in shown.content
        assert "`#9`" in shown.content
        assert "`#10`" not in shown.content
        await at.owner.click(shown, label="Next")
        assert "`#10`" in shown.content


async def test_names_of_books_and_entries_are_offered(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at)
        offered = await at.owner.autocomplete(at.hearth, "lorebook show", "name", "wo")
        assert [choice["value"] for choice in offered] == ["World"]


async def test_only_the_bots_owner_shares_and_changes_what_is_shared(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at)
        text = await at.command(at.owner, "lorebook share", name="World")
        assert text == "This is for the bot's owner alone."
        at.app.client.owner_id = at.owner.id
        text = await at.command(at.owner, "lorebook share", name="World")
        assert text == "Every server can use **World** now, and only you change it."
        at.app.client.owner_id = 1
        for command in ("entry add", "entry toggle"):
            more = {"entry": "#1"} if command == "entry toggle" else {}
            text = await at.command(at.owner, f"lorebook {command}", book="World", **more)
            assert text.startswith("“World” is shared by the bot's owner")
        await at.command(at.owner, "lorebook attach", name="World")
        assert "fears" in await heard(at, "A dragon!")


async def test_the_book_in_a_card_counts_when_its_character_speaks(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        inside = card_book_of(book(entry(1, "sea", content="{{char}} was born at sea.")))
        card = as_json(v2(name="Lyra", character_book=inside))
        await at.command(at.owner, "character import", file=("lyra.json", card))
        await bring(at)
        told = await at.command(at.owner, "lorebook attach", name="World", character="Lyra")
        assert told == "**World** counts for Lyra."
        assert "2 entries, for Lyra" in await at.command(at.owner, "lorebook list")
        assert "fears" not in await heard(at, "The sea and a dragon")
        await at.command(at.owner, "channel character", name="Lyra")
        text = await heard(at, "The sea and a dragon")
        assert "Lyra was born at sea." in text
        assert "Lyra fears dragons." in text


async def test_removing_asks_first(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, attach="channel")
        asked = await at.owner.slash(at.hearth, "lorebook remove", name="World")
        await at.owner.click(answer(asked), label="Remove it")
        assert "There is no lorebook" in await at.command(at.owner, "lorebook show", name="World")
        assert "fears" not in await heard(at, "A dragon!")


async def test_players_see_and_change_nothing(tmp_path: Path) -> None:
    """Even where a server shows them the command."""
    async with tavern(tmp_path) as at:
        await bring(at)
        command = next(
            each for each in await at.app.client.tree.fetch_commands() if each.name == "lorebook"
        )
        at.guild.set_command_permissions(command, {at.guild.default_role: True})
        commands: dict[str, dict[str, Any]] = {
            "list": {},
            "show": {"name": "World"},
            "test": {"text": "dragon"},
            "attach": {"name": "World"},
            "export": {"name": "World"},
            "entry toggle": {"book": "World", "entry": "#1"},
        }
        for name, options in commands.items():
            text = await at.command(at.ann, f"lorebook {name}", **options)
            assert text == "This needs the permission Manage Server."
            simcord.assert_error(at.env, ManagersOnly)


async def test_another_server_finds_no_book_of_ours(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at)
        guild = at.env.create_guild("Elsewhere", owner=at.owner.user)
        there, stranger = guild.create_text_channel("there"), guild.add_member(at.owner.user)
        text = await at.command(stranger, "lorebook show", at=there, name="World")
        assert "There is no lorebook “World”." in text
        assert "no lorebook yet" in await at.command(stranger, "lorebook list", at=there)
