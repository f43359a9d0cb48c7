"""What of a prompt the lorebooks look at."""

import random
from collections.abc import Sequence
from dataclasses import replace

from roleplay.lorebooks.book import Lorebook, Source
from roleplay.lorebooks.scan import Scope, scan
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.surroundings import Line, Surroundings, Trigger
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.values import Values
from roleplay.tokens import Ratios, estimate, weigh

Books = Sequence[tuple[Lorebook, Scope]]


def surroundings(here: Ingredients) -> Surroundings:
    """The chat as far as it was read, the author's note, and what entries may ask to look at."""
    card, values = here.speaker.card, Values(here)
    persona, note = here.persona, here.note
    lines = [
        Line(one.text, one.author_name, one.role == "assistant") for one in reversed(here.history)
    ]
    texts = {
        Source.PERSONA_DESCRIPTION: persona.description if persona else "",
        Source.CHARACTER_DESCRIPTION: card.description,
        Source.CHARACTER_PERSONALITY: card.personality,
        Source.CHARACTER_DEPTH_PROMPT: card.depth_prompt.text if card.depth_prompt else "",
        Source.SCENARIO: card.scenario,
        Source.CREATOR_NOTES: card.creator_notes,
    }
    return Surroundings(
        lines=lines,
        injected=[values.expand(note.text)] if note else [],
        sources={source: values.expand(text) for source, text in texts.items() if text},
        character=card.name,
        tags=frozenset(card.tags),
        trigger=_trigger(here),
    )


def with_lore(
    here: Ingredients, books: Books, settings: LoreSettings, *, roll: random.Random
) -> Ingredients:
    """The same with what a scan finds that knows of none before it."""
    values = Values(here)
    found = scan(
        books,
        surroundings(here),
        settings,
        {},
        window=here.facts.window,
        roll=roll,
        count=lambda text: estimate(weigh(text), Ratios()),
        expand=values.expand,
    )
    return replace(here, lore=found)


def _trigger(here: Ingredients) -> Trigger:
    """A reply that is there already is written anew as its next swipe, whatever asked for it."""
    if here.wanted == "impersonation":
        return "impersonate"
    if here.goes_on:
        return "continue"
    return "swipe" if here.turn and here.turn.posted else "normal"
