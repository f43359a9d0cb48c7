"""The characters of a server, five to a page, with their pictures."""

import io
import re
from dataclasses import dataclass
from typing import Any

import discord

from bot.characters.text import line
from roleplay.characters.store import Characters, StoredCharacter
from roleplay.phrases import say

PER_PAGE = 5

BUTTON = re.compile(r"characters:(?P<page>\d{1,5})(?::\w+)?")


@dataclass(frozen=True, slots=True)
class Page:
    """What Discord is sent."""

    view: discord.ui.LayoutView
    files: list[discord.File]


async def page(characters: Characters, guild_id: int | None, number: int) -> Page:
    """Pages count from 0; a number beyond the last is the last."""
    listed = await characters.listed(guild_id)
    last = max(0, (len(listed) - 1) // PER_PAGE)
    number = min(number, last)
    here = listed[number * PER_PAGE : (number + 1) * PER_PAGE]
    found = [await characters.character(each.id, guild_id) for each in here]
    shown = [stored for stored in found if stored]
    avatars = {stored.id: await characters.avatar(stored.id) for stored in shown}
    box = discord.ui.Container[discord.ui.LayoutView]()
    box.add_item(discord.ui.TextDisplay(_heading(len(listed))))
    for stored in shown:
        _add(box, stored, pictured=bool(avatars[stored.id]))
    if last:
        box.add_item(_buttons(number, last))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(box)
    view.stop()  # `on_interaction` knows the buttons by their ids
    return Page(view, [_file(key, data) for key, data in avatars.items() if data])


def _heading(count: int) -> str:
    if count:
        return say("## Characters ({count})", count=count)
    return say("There is no character yet. A manager adds one with /character import or create.")


def _add(
    box: discord.ui.Container[discord.ui.LayoutView], stored: StoredCharacter, *, pictured: bool
) -> None:
    text = discord.ui.TextDisplay[discord.ui.LayoutView](line(stored))
    if not pictured:
        box.add_item(text)
        return
    picture = discord.ui.Thumbnail[discord.ui.LayoutView](
        f"attachment://{_name(stored.id)}", description=stored.card.name
    )
    box.add_item(discord.ui.Section(text, accessory=picture))


def _buttons(number: int, last: int) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    row.add_item(
        discord.ui.Button[Any](
            label=say("Back"),
            custom_id=f"characters:{max(0, number - 1)}:back",
            disabled=not number,
        )
    )
    where = say("{number} of {count}", number=number + 1, count=last + 1)
    row.add_item(
        discord.ui.Button[Any](label=where, custom_id=f"characters:{number}:here", disabled=True)
    )
    row.add_item(
        discord.ui.Button[Any](
            label=say("Next"), custom_id=f"characters:{number + 1}:next", disabled=number == last
        )
    )
    return row


def _name(character_id: int) -> str:
    return f"{character_id}.webp"


def _file(character_id: int, data: bytes) -> discord.File:
    return discord.File(io.BytesIO(data), _name(character_id))
