"""People choose who they are, and are taken as that."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import simcord
from fakes.tavern import Tavern, tavern
from PIL import Image


async def create(at: Tavern, who: simcord.MemberActor, name: str, about: str) -> str:
    shown = await who.slash(at.hearth, "persona create")
    return told(await who.submit_modal(shown, {"name": name, "description": about}))


def told(result: Any) -> str:
    answer = result.followups[-1] if result.followups else result.response
    assert answer
    assert answer.ephemeral
    return answer.content


def last_prompt(at: Tavern) -> str:
    return str(at.llm.requests[-1].body["messages"])


async def test_a_persona_is_made_worn_and_known_to_the_model(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "Luna" in await create(at, at.ann, "Luna", "Luna is a witch.")
        assert "Luna" in await at.command(at.ann, "persona use", name="luna")
        await at.ann.send(at.hearth, "Who am I?")
        await at.quiet()
        assert "Luna: Who am I?" in last_prompt(at)
        assert "Luna is a witch." in last_prompt(at)
        assert "Ann" not in last_prompt(at)


async def test_personas_are_chosen_per_channel_over_a_default(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "channel bind", at=at.back_room)
        for name in ("Luna", "Kai"):
            await create(at, at.ann, name, "")
        await at.command(at.ann, "persona default", name="Luna")
        await at.command(at.ann, "persona use", at=at.back_room, name="Kai")
        for channel in (at.hearth, at.back_room):
            await at.ann.send(channel, "Hello!")
            await at.quiet()
        first, second = (str(request.body["messages"]) for request in at.llm.requests)
        assert "Luna: Hello!" in first
        assert "Kai: Hello!" in second
        listed = await at.command(at.ann, "persona list")
        assert listed.splitlines() == ["- **Kai**", "- **Luna** (default, in this channel)"]


async def test_ones_own_name_can_be_chosen_too(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await create(at, at.ann, "Luna", "")
        await at.command(at.ann, "persona default", name="Luna")
        await at.command(at.ann, "persona use", name="-")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert "Ann: Hello!" in last_prompt(at)


async def test_nobody_sees_or_uses_anothers_personas(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await create(at, at.ann, "Luna", "My secret.")
        assert "no personas" in await at.command(at.ben, "persona list")
        for name in ("use", "show", "default", "remove"):
            answer = await at.command(at.ben, f"persona {name}", name="Luna")
            assert "You have no persona called “Luna”" in answer
        assert await at.ben.autocomplete(at.hearth, "persona use", "name", "L") == []
        offered = await at.ann.autocomplete(at.hearth, "persona use", "name", "l")
        assert [choice["value"] for choice in offered] == ["Luna"]


async def test_a_persona_is_changed_and_removed(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await create(at, at.ann, "Luna", "A witch.")
        shown = await at.ann.slash(at.hearth, "persona edit", name="Luna")
        assert "A witch." in str(shown.modal)
        changed = {"name": "Luna: the Great", "description": "A queen."}
        assert "is changed" in told(await at.ann.submit_modal(shown, changed))
        listed = await at.command(at.ann, "persona list")
        assert "Luna\uff1a the Great" in listed
        name = listed.removeprefix("- **").removesuffix("**")
        assert "is removed" in await at.command(at.ann, "persona remove", name=name)
        assert "no personas" in await at.command(at.ann, "persona list")


async def test_sillytaverns_personas_are_imported_once(tmp_path: Path) -> None:
    backup = {
        "personas": {"a.png": "Luna", "b.png": "Kai"},
        "persona_descriptions": {"a.png": {"description": "A witch."}},
    }
    file = ("personas.json", json.dumps(backup).encode())
    async with tavern(tmp_path) as at:
        await create(at, at.ann, "Kai", "Mine.")
        answer = await at.command(at.ann, "persona import", file=file)
        assert answer == "Imported 1 persona. 1 was there already."
        assert "Luna" in await at.command(at.ann, "persona list")
        bad = await at.command(at.ann, "persona import", file=("x.json", b"nothing"))
        assert "no JSON" in bad


async def test_a_persona_has_a_picture_that_its_person_sees(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGB", (300, 400), "teal").save(file, "PNG")
    async with tavern(tmp_path) as at:
        await create(at, at.ann, "Luna", "A witch.")
        picture = ("luna.png", file.getvalue())
        assert "has a picture" in await at.command(
            at.ann, "persona picture", name="Luna", file=picture
        )
        shown = (await at.ann.slash(at.hearth, "persona show", name="Luna")).response
        assert shown
        assert shown.ephemeral
        [attached] = shown.attachments
        assert Image.open(BytesIO(await attached.read())).size == (256, 256)
        refused = await at.command(at.ann, "persona picture", name="Luna", file=("x.png", b"x"))
        assert "PNG" in refused
