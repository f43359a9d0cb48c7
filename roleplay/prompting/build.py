"""Ingredients to a prompt: what is said, before anyone's window is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from roleplay.macros.expand import Macros, expand
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.spoken import people, spoken_line
from roleplay.scene import Character
from roleplay.transcript import StoredMessage


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
    """The character's prompt, then the history, oldest first; the oldest is left out first.

    The newest message is required: a turn without it would answer nobody.
    """
    char, history = ingredients.speaker.name, ingredients.history
    system = Block("character", "system", _character_prompt(ingredients), REQUIRED)
    last = len(history) - 1
    lines = [
        _history_block(message, REQUIRED if place == last else place)
        for place, message in enumerate(history)
    ]
    prompt = Prompt((system, *lines), stop=_stops(char, history), char=char)
    return Assembled(prompt, Report(ingredients), frozenset({char, *people(history)}))


def _character_prompt(ingredients: Ingredients) -> str:
    card = ingredients.speaker.card
    texts = (card.system_prompt, card.description, card.personality, card.scenario)
    macros: Macros = {"char": ingredients.speaker.name}
    return expand("\n\n".join(text for text in texts if text), macros)


def _history_block(message: StoredMessage, priority: int) -> Block:
    text, name = spoken_line(message), message.author_name
    return Block("history", message.role, text, priority, message.counts, name)


def _stops(char: str, history: Sequence[StoredMessage]) -> tuple[str, ...]:
    """The character must not speak for the people present, newest speaker first."""
    return tuple(f"\n{name}:" for name in people(history) if name != char)
