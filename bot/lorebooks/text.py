"""How lorebooks read in Discord."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.utils import escape_markdown

from bot.prompts.report import lore_lines
from roleplay.lorebooks.book import LoreEntry, Position
from roleplay.lorebooks.result import ScanResult
from roleplay.lorebooks.store import Link, ListedLorebook, StoredLorebook
from roleplay.phrases import count, say

PER_PAGE = 10

BUTTON = re.compile(r"lore:(?P<book>\d{1,18}):(?P<page>\d{1,5}):\w+")

LONGEST = 1900


@dataclass(frozen=True, slots=True)
class Page:
    """What Discord is sent; without a view where there is but one page."""

    content: str
    view: discord.ui.View | None


def book_list(
    listed: Sequence[ListedLorebook], links: Iterable[Link], characters: Mapping[int, str]
) -> str:
    """`characters` are the names by id of those that may be named here."""
    if not listed:
        return say("There is no lorebook yet. Bring one with /lorebook import.")
    where: dict[int, list[str]] = {}
    for link in links:
        where.setdefault(link.book_id, []).append(place_text(link, characters))
    return shortened([_line(each, where.get(each.id, ())) for each in listed])


def place_text(link: Link, characters: Mapping[int, str]) -> str:
    match link.place:
        case "channel":
            return say("in {channel}", channel=f"<#{link.place_id}>")
        case "server":
            return say("in this server")
        case "character":
            name = characters.get(link.place_id)
            return say("for {name}", name=escape_markdown(name)) if name else say("for a character")


def page(stored: StoredLorebook, number: int) -> Page:
    """Pages count from 0; a number beyond the last is the last."""
    entries = stored.book.entries
    last = max(0, (len(entries) - 1) // PER_PAGE)
    number = min(number, last)
    head = count(
        len(entries),
        "**{name}**, {count} entry, revision {revision}",
        "**{name}**, {count} entries, revision {revision}",
        name=escape_markdown(stored.book.name),
        revision=stored.revision,
    )
    shown = entries[number * PER_PAGE : (number + 1) * PER_PAGE]
    text = "\n".join([head, *(_entry(entry) for entry in shown)])[:LONGEST]
    return Page(text, _buttons(stored.id, number, last) if last else None)


def scan_text(found: ScanResult) -> str:
    """What fired, what nearly did, and why."""
    head = count(
        found.unmatched,
        "{tokens} of {budget} tokens; {count} entry was not called.",
        "{tokens} of {budget} tokens; {count} entries were not called.",
        tokens=found.tokens,
        budget=found.budget,
    )
    return shortened([*map(escape_markdown, lore_lines(found)), head])


def shortened(lines: Sequence[str]) -> str:
    """As many lines as one message holds."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > LONGEST:
            return "\n".join([*kept, say("… and {count} more", count=len(lines) - len(kept))])
        kept.append(line)
    return "\n".join(kept)


def _line(listed: ListedLorebook, where: Sequence[str]) -> str:
    shared = say(" · shared") if listed.guild_id is None else ""
    counts = ", ".join(where) or say("nowhere yet")
    return count(
        listed.entries,
        "**{name}**{shared}: {count} entry, {where}",
        "**{name}**{shared}: {count} entries, {where}",
        name=escape_markdown(listed.name),
        shared=shared,
        where=counts,
    )


def _entry(entry: LoreEntry) -> str:
    keys = ", ".join(entry.keys)[:80] or (say("always") if entry.constant else say("no keys"))
    content = " ".join(entry.content.split())[:80]
    parts = [f"`#{entry.uid}` **{escape_markdown(entry.title[:50])}**", escape_markdown(keys)]
    if not entry.enabled:
        parts.append(say("off"))
    if entry.position is not Position.BEFORE_CHARACTER:
        parts.append(say(entry.position.name.lower().replace("_", " ")))
    return f"{' · '.join(parts)}\n-# {escape_markdown(content)}"


def _buttons(book_id: int, number: int, last: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    where = say("{number} of {count}", number=number + 1, count=last + 1)
    _button(view, say("Back"), f"lore:{book_id}:{max(0, number - 1)}:back", disabled=not number)
    _button(view, where, f"lore:{book_id}:{number}:here", disabled=True)
    _button(view, say("Next"), f"lore:{book_id}:{number + 1}:next", disabled=number == last)
    view.stop()  # `on_interaction` knows the buttons by their ids
    return view


def _button(view: discord.ui.View, label: str, custom_id: str, *, disabled: bool) -> None:
    view.add_item(discord.ui.Button[Any](label=label, custom_id=custom_id, disabled=disabled))
