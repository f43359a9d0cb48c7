"""Ingredients to a prompt: what is said, before anyone's window is known."""

from collections.abc import Iterator
from dataclasses import dataclass

from roleplay.lorebooks.book import Position
from roleplay.prompt import Block, Prompt
from roleplay.prompting.ending import ending, stops, voices
from roleplay.prompting.history import history_blocks
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.opening import opening
from roleplay.prompting.placed import lore_at
from roleplay.prompting.priorities import LORE, REQUIRED
from roleplay.prompting.storied import storied, story_stops
from roleplay.prompting.values import Values
from roleplay.scene import Character


@dataclass(frozen=True, slots=True)
class Report:
    """How a prompt came to be, for `/prompt`."""

    ingredients: Ingredients


@dataclass(frozen=True, slots=True)
class Assembled:
    """`labels` are the names that a model may wrongly write before its line."""

    prompt: Prompt
    report: Report
    labels: frozenset[str]

    @property
    def speaker(self) -> Character:
        return self.report.ingredients.speaker


def build(ingredients: Ingredients) -> Assembled:
    """The blocks in their order, with what is left out first when room is short."""
    values = Values(ingredients)
    note = _note(ingredients, values)
    blocks = (
        *_opening(ingredients, values, note),
        *history_blocks(ingredients, values, note),
        *ending(ingredients, values),
    )
    speaks = ingredients.speaker.name
    if ingredients.wanted == "impersonation":
        speaks = ingredients.answered
    stop = (*stops(ingredients), *story_stops(ingredients, values))
    prompt = Prompt(blocks, stop, speaks, sampler=ingredients.sampler)
    return Assembled(prompt, Report(ingredients), frozenset(voices(ingredients)))


def _opening(here: Ingredients, values: Values, note: Block | None) -> Iterator[Block]:
    """A story string is for servers that are sent one text."""
    if here.story and here.facts.text:
        return storied(here, here.story, values, note)
    return opening(here, values, note)


def _note(here: Ingredients, values: Values) -> Block | None:
    """The author's note with the lore around it. Without a note the lore stands alone."""
    if here.note and not here.note.due(here.written):
        return None
    own = here.note.text if here.note else ""
    top, bottom = (lore_at(here.lore, at) for at in (Position.NOTE_TOP, Position.NOTE_BOTTOM))
    text = "\n".join(filter(None, (top, values.expand(own), bottom)))
    if not text:
        return None
    role = here.note.role if here.note else "system"
    return Block("author's note", role, text, REQUIRED if own else LORE)
