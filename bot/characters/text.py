"""How a character reads in Discord."""

from collections.abc import Iterator, Sequence

import discord
from discord.utils import escape_markdown

from roleplay.characters.card import Card
from roleplay.characters.fields import BOOK
from roleplay.characters.store import StoredCharacter
from roleplay.phrases import say
from roleplay.untrusted import list_in, mapping_in

LONGEST_NOTES = 900
"""Characters of what was cut, in one answer."""

COLOUR = discord.Colour(0x7A5CBB)


def embed(stored: StoredCharacter, *, details: bool) -> discord.Embed:
    """`details` for managers: what players had better find out in the story."""
    card = stored.card
    found = discord.Embed(
        title=escape_markdown(card.name)[:256],
        description=shortened(card.creator_notes, 700) or None,
        colour=COLOUR,
    )
    for name, text in _fields(stored, details=details):
        if text:
            found.add_field(name=name, value=text, inline=len(text) < 40)
    return found


def line(stored: StoredCharacter) -> str:
    """Two lines of the gallery."""
    card = stored.card
    shared = say(" · shared") if stored.shared else ""
    nickname = f" ({escape_markdown(card.nickname)})" if card.nickname else ""
    about = one_line(card.creator_notes or ", ".join(card.tags) or card.creator)
    return f"**{escape_markdown(card.name)}**{nickname}{shared}\n{escape_markdown(about)}".strip()


def notes(found: Sequence[str]) -> str:
    """What was cut or left out, a line each."""
    return shortened("\n".join(f"- {escape_markdown(note)}" for note in found), LONGEST_NOTES)


def summary(card: Card) -> str:
    """What a card holds, in a few words."""
    greetings = len([text for text in (card.first_mes, *card.alternate_greetings) if text])
    parts = [say("greetings: {count}", count=greetings)]
    if entries := book_size(card):
        parts.append(say("lorebook entries: {count}", count=entries))
    return ", ".join(parts)


def book_size(card: Card) -> int:
    """Entries of the lorebook in the card."""
    entries = (mapping_in(card.data.get(BOOK)) or {}).get("entries")
    return len(list_in(entries) or mapping_in(entries) or [])


def one_line(text: str) -> str:
    return shortened(" ".join(text.split()), 120)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _fields(stored: StoredCharacter, *, details: bool) -> Iterator[tuple[str, str]]:
    card = stored.card
    yield say("Called"), escape_markdown(card.nickname)
    yield say("By"), escape_markdown(shortened(card.creator, 100))
    yield say("Version"), escape_markdown(shortened(card.character_version, 100))
    yield say("Tags"), escape_markdown(shortened(", ".join(card.tags), 300))
    yield say("Holds"), summary(card)
    yield say("Belongs to"), say("every server") if stored.shared else say("this server")
    yield say("First message"), shortened(card.first_mes, 1000)
    if details:
        yield say("Description"), shortened(card.description, 1000)
        yield say("Personality"), shortened(card.personality, 500)
        yield say("Scenario"), shortened(card.scenario, 500)
