"""/character, as a manager, a player and the bot's owner meet it."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from fakes.cards import as_json, png, text_chunk, v2, v3
from fakes.tavern import Tavern, tavern
from PIL import Image
from simcord import InteractionResult, ResponseMessage

from roleplay.characters.formats import read_file


def portrait() -> bytes:
    file = BytesIO()
    Image.new("RGB", (300, 400), "teal").save(file, "PNG")
    return file.getvalue()


def card_picture(**fields: Any) -> bytes:
    """A portrait with a card in it."""
    whole = portrait()
    return whole[:-12] + text_chunk("chara", v2(**fields)) + whole[-12:]


def answer(result: InteractionResult) -> ResponseMessage:
    found = result.followups[-1] if result.followups else result.response
    assert found
    assert found.ephemeral
    return found


async def bring(at: Tavern, data: bytes, file: str = "mira.png", **options: Any) -> str:
    return await at.command(at.owner, "character import", file=(file, data), **options)


def texts(message: ResponseMessage) -> str:
    """All that stands in a panel."""

    def walk(parts: list[dict[str, Any]]) -> list[str]:
        own = [str(part["content"]) for part in parts if "content" in part]
        return own + [text for part in parts for text in walk(part.get("components") or [])]

    return "\n".join(walk(message.components))


async def test_an_imported_character_is_listed_shown_and_speaks(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        text = await bring(at, card_picture(name="Lyra", nickname=""))
        assert "**Lyra** is imported (png; greetings: 3)." in text
        listed = answer(await at.ann.slash(at.hearth, "character list"))
        assert "**Lyra**" in texts(listed)
        assert [file.filename for file in listed.attachments] == ["1.webp"]
        shown = answer(await at.ann.slash(at.hearth, "character show", name="lyra"))
        assert shown.embeds[0].title == "Lyra"
        assert "keeps the inn" not in str(shown.embeds[0].to_dict())
        assert "**Character:** Lyra" in await at.command(at.owner, "channel character", name="Lyra")
        at.llm.say("Come in.")
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert "Lyra keeps the inn" in str(at.llm.requests[-1].body["messages"])
        assert "**Character:** Mira" in await at.command(at.owner, "channel character")


async def test_a_file_is_known_by_what_is_in_it_and_faults_are_told(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "(json;" in await bring(at, as_json(v3(nickname="")), "mira.png")
        assert "“Mira 2”" in await bring(at, as_json(v3()), "again.json")
        assert "**Mora** is imported" in await bring(at, as_json(v3()), "x.json", name="Mora")
        text = await bring(at, as_json(v2(name=["x"])), "bad.json")
        assert text.startswith("bad.json: data.name is a list, not a text.\n")
        assert "a picture without a character" in await bring(at, portrait(), "face.png")
        assert "larger than 8 MB" in await bring(at, bytes(8 * 1024 * 1024 + 1), "big.png")


async def test_what_was_cut_and_a_picture_that_is_too_large_are_told(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        huge = png(text_chunk("chara", v2(description="x" * 200_000)), size=(3000, 2000))
        text = await bring(at, huge)
        assert "data.description was cut from 200000 to 100000 characters." in text
        assert "No avatar: The picture is 3000 by 2000 pixels: too large." in text


async def test_a_character_is_written_and_changed_in_a_form(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        form = await at.owner.slash(at.hearth, "character create", picture=("face.png", portrait()))
        written = {
            "name": "Lyra",
            "description": "A smuggler.",
            "personality and scenario": "Bold.\n\nScenario:\nA storm.",
            "first_mes": "Quick, inside!",
            "mes_example": "",
        }
        assert "**Lyra** is made" in answer(await at.owner.submit_modal(form, written)).content
        form = await at.owner.slash(at.hearth, "character edit", name="Lyra")
        changed = written | {"name": "Lyra Vane", "personality and scenario": "Bolder."}
        text = answer(await at.owner.submit_modal(form, changed)).content
        assert text == "**Lyra Vane** is changed."
        card = (await exported(at, "Lyra Vane"))[1].card
        assert (card.personality, card.scenario) == ("Bolder.", "")
        assert card.first_mes == "Quick, inside!"


async def test_an_edit_keeps_what_is_not_in_the_form(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, as_json(v3(first_mes="x" * 5000)), "mira.json")
        form = await at.owner.slash(at.hearth, "character edit", name="Mira")
        fields = {
            "name": "Mira",
            "description": "Changed.",
            "personality and scenario": "",
            "mes_example": "",
        }
        await at.owner.submit_modal(form, fields)
        card = (await exported(at, "Mira"))[1].card
        assert card.description == "Changed."
        assert card.first_mes == "x" * 5000
        assert card.data["extensions"] == v3()["data"]["extensions"]


async def exported(at: Tavern, name: str, **options: str) -> tuple[str, Any]:
    sent = answer(await at.owner.slash(at.hearth, "character export", name=name, **options))
    file = sent.attachments[0]
    return file.filename, read_file(await file.read(), file.filename)[1]


async def test_an_export_is_the_card_that_was_brought(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        file = card_picture(name="Lyra/../CON", unknown={"deep": [1]})
        before = read_file(file, "x")[1]
        await bring(at, file)
        for form in ("png", "json", "charx", "yaml"):
            name, contents = await exported(at, "Lyra/../CON", format=form)
            assert name == f"Lyra_CON.{form}"
            assert contents.card == before.card
            assert contents.picture == (before.picture if form in {"png", "charx"} else None)


async def test_a_file_takes_the_place_of_a_character_that_is_there(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, card_picture(name="Lyra"))
        await at.command(at.owner, "channel character", name="Lyra")
        text = await bring(at, as_json(v2(name="Lyra Vane")), "new.json", replace="Lyra")
        assert text.startswith("**Lyra Vane** is replaced")
        assert "**Character:** Lyra Vane" in await at.command(at.owner, "channel show")


async def test_removing_asks_says_where_and_is_done_once(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, card_picture(name="Lyra"))
        await at.command(at.owner, "channel character", name="Lyra")
        asked = await at.owner.slash(at.hearth, "character remove", name="Lyra")
        assert f"It is in: <#{at.hearth.id}>." in answer(asked).content
        await at.owner.click(answer(asked), label="Remove it")
        assert "There is no character" in await at.command(at.owner, "character show", name="Lyra")
        assert "**Character:** Mira" in await at.command(at.owner, "channel show")


async def test_the_gallery_turns_its_pages_after_a_restart(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        for number in range(12):
            await bring(at, as_json(v2(name=f"Nr {number:02}")), "x.json")
        shown = answer(await at.ann.slash(at.hearth, "character list"))
        assert "## Characters (12)" in texts(shown)
        assert re.findall(r"Nr \d\d", texts(shown)) == [f"Nr 0{n}" for n in range(5)]
        await at.ann.click(shown, custom_id="characters:1:next")
        assert re.findall(r"Nr \d\d", texts(shown)) == [f"Nr 0{n}" for n in range(5, 10)]
        await at.restart()
        await at.ann.click(shown, custom_id="characters:2:next")
        assert re.findall(r"Nr \d\d", texts(shown)) == ["Nr 10", "Nr 11"]
        await at.ann.click(shown, custom_id="characters:1:back")
        assert "**Nr 05**" in texts(shown)


async def test_players_change_nothing(tmp_path: Path) -> None:
    named = {"name": "Mira"}
    refused: dict[str, dict[str, Any]] = {
        "import": {"file": ("x.json", as_json(v2()))},
        "create": {},
        "edit": named,
        "export": named,
        "remove": named,
    }
    async with tavern(tmp_path) as at:
        await bring(at, as_json(v2()), "mira.json")
        for command, options in refused.items():
            text = await at.command(at.ann, f"character {command}", **options)
            assert text == "This needs the permission Manage Server."


async def test_help_shows_players_only_what_they_may_use(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        text = await at.command(at.ann, "help")
        found = [line for line in text.splitlines() if line.startswith("`/character")]
        assert found == ["`/character` list, show"]


async def test_only_the_bots_owner_shares_and_changes_what_is_shared(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, as_json(v2(name="Lyra")), "x.json")
        text = await at.command(at.owner, "character share", name="Lyra")
        assert text == "This is for the bot's owner alone."
        at.app.client.owner_id = at.owner.id
        text = await at.command(at.owner, "character share", name="Lyra")
        assert text == "Every server can use **Lyra** now, and only you change it."
        at.app.client.owner_id = 1
        text = await at.command(at.owner, "character edit", name="Lyra")
        assert text.startswith("“Lyra” is shared by the bot's owner")


async def test_another_servers_characters_are_not_found(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        other = at.env.create_guild("Elsewhere", owner=at.env.create_user("Otto"))
        den = other.create_text_channel("den")
        otto = other.add_member(at.env.create_user("Olaf"))
        await bring(at, as_json(v2(name="Lyra")), "x.json")
        text = answer(await otto.slash(den, "character show", name="Lyra")).content
        assert text.startswith("There is no character “Lyra”.")
        assert await otto.autocomplete(den, "character show", "name", "L") == []
        assert "no character yet" in texts(answer(await otto.slash(den, "character list")))
        offered = await at.ann.autocomplete(at.hearth, "character show", "name", "lY")
        assert [choice["value"] for choice in offered] == ["Lyra"]
