"""Characters show their pictures: hung once, changed with the card, taken down with it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import discord
from fakes.cards import text_chunk, v2
from fakes.tavern import Tavern, tavern
from PIL import Image


def card(colour: str, **fields: Any) -> bytes:
    """A portrait with a card in it."""
    file = BytesIO()
    Image.new("RGB", (300, 400), colour).save(file, "PNG")
    whole = file.getvalue()
    return whole[:-12] + text_chunk("chara", v2(**fields)) + whole[-12:]


async def bring(at: Tavern, colour: str, name: str = "Lyra", **more: str) -> None:
    file = (f"{name}.png", card(colour, name=name, nickname=""))
    await at.command(at.owner, "character import", file=file, **more)
    await at.command(at.owner, "channel character", name=name)


async def reply(at: Tavern) -> discord.Message:
    await at.ann.send(at.hearth, "Hello!")
    await at.quiet()
    return at.messages(at.hearth)[-1]


def avatar(at: Tavern, message: discord.Message) -> str:
    stored = at.env.backend.get_message(message.channel.id, message.id)
    return stored.author_avatar or ""


def hung(at: Tavern) -> list[int]:
    return sorted(at.env.backend.application_emojis)


async def test_a_characters_picture_is_hung_once_and_shown_with_every_reply(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, "teal")
        first, second = await reply(at), await reply(at)
        assert first.author.name == "Lyra"
        [emoji] = hung(at)
        address = f"https://cdn.discordapp.com/emojis/{emoji}.png"
        assert avatar(at, first) == avatar(at, second) == address
        shown = at.env.backend.cdn.get(address)
        assert shown
        assert Image.open(BytesIO(shown)).size == (256, 256)


async def test_another_picture_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, "teal")
        before = avatar(at, await reply(at))
        await bring(at, "red", replace="Lyra")
        after = avatar(at, await reply(at))
        assert before != after
        assert len(hung(at)) == 1


async def test_the_pictures_of_characters_that_are_gone_are_taken_down(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, "teal")
        await reply(at)
        asked = await at.owner.slash(at.hearth, "character remove", name="Lyra")
        assert asked.response
        await at.owner.click(asked.response, label="Remove it")
        await bring(at, "red", name="Rex")
        shown = avatar(at, await reply(at))
        [emoji] = hung(at)
        assert str(emoji) in shown


async def test_without_a_place_for_pictures_the_character_speaks_all_the_same(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, "teal")
        at.env.inject_error(
            "POST", "/applications/*/emojis", status=400, code=30008, message="Full", times=None
        )
        told = await reply(at)
        assert told.author.name == "Lyra"
        assert avatar(at, told) == ""
        assert "2,000 pictures" in await at.command(at.owner, "channel show")
