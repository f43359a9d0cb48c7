"""What stands before the history."""

from collections.abc import Iterable, Iterator

from roleplay.lorebooks.book import Position
from roleplay.personas import Persona
from roleplay.prompt import Block
from roleplay.prompting.examples import examples_of
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.placed import lore_at
from roleplay.prompting.priorities import EXAMPLES, LORE, PERSONAS, REQUIRED, SPARE, SUMMARY
from roleplay.prompting.values import Values
from roleplay.scene import Character

EXAMPLE = "[This is an example of how {{char}} talks. It is no part of the chat.]"
BEGINNING = "[From here on it is the chat itself.]"


def opening(here: Ingredients, values: Values, note: Block | None) -> Iterator[Block]:
    """In SillyTavern's order. `note` is the author's, where it is due.

    What changes from turn to turn stands as late as that order allows, because a server's prompt
    cache holds only up to the first difference.
    """
    place = here.note.place if here.note else "chat"
    if note and place == "before":
        yield note
    yield from _texts("main prompt", [main_text(here, values)], REQUIRED)
    if note and place == "after":
        yield note
    yield from _lore("lore before the character", here, Position.BEFORE_CHARACTER)
    yield from _cards(here, values)
    yield from _lore("lore after the character", here, Position.AFTER_CHARACTER)
    yield from _personas(here, values)
    yield from examples(here, values, EXAMPLE, BEGINNING)
    yield from summary(here, values)


def summary(here: Ingredients, values: Values) -> Iterator[Block]:
    """Of what came before the history."""
    text = values.expand(here.summary)
    yield from _texts("summary", [f"[What happened before:\n{text}]"] * bool(text), SUMMARY)


def main_text(here: Ingredients, values: Values) -> str:
    general, own = here.instructions.main.text, here.speaker.card.system_prompt
    return replaced(own, general, values)


def replaced(own: str, general: str, values: Values) -> str:
    """The card's text in place of the general one, which `{{original}}` stands for."""
    if not own.strip():
        return values.expand(general)
    return values.expand(own, original=values.expand(general) if "{{" in own else "")


def _lore(label: str, here: Ingredients, position: Position) -> Iterator[Block]:
    yield from _texts(label, [lore_at(here.lore, position)], LORE)
    yield from _texts(label, [lore_at(here.lore, position, spare=True)], SPARE)


def _cards(here: Ingredients, values: Values) -> Iterator[Block]:
    for each in (here.speaker, *(here.others if here.joined else ())):
        yield from _card(each, values)


def _card(character: Character, values: Values) -> Iterator[Block]:
    card, char = character.card, character.name
    texts = {
        "description": ("", card.description),
        "personality": (f"{char}'s personality: ", card.personality),
        "scenario": ("Scenario: ", card.scenario),
    }
    for label, (before, written) in texts.items():
        text = values.expand_as(written, char)
        yield from _texts(label, [before + text] * bool(text), REQUIRED)


def _personas(here: Ingredients, values: Values) -> Iterator[Block]:
    """In a steady order, whoever wrote last; that of the person who is answered always stays."""
    for persona in sorted(here.scene.personas, key=lambda each: each.id):
        text = values.expand_for(persona.description, persona.name)
        priority = REQUIRED if persona == here.persona else PERSONAS
        yield from _texts("persona", [about(persona, text)] * bool(text), priority)


def about(persona: Persona, text: str) -> str:
    return f"About {persona.name}: {text}"


def examples(here: Ingredients, values: Values, heading: str, beginning: str) -> Iterator[Block]:
    """`heading` stands before each, `beginning` after the last; both may hold macros."""
    written = (
        *(each.content for each in here.lore.at(Position.EXAMPLES_TOP)),
        values.expand(here.speaker.card.mes_example),
        *(each.content for each in here.lore.at(Position.EXAMPLES_BOTTOM)),
    )
    dialogues = [part for text in written for part in examples_of(text)]
    if not dialogues:
        return
    above = values.expand(heading)
    for place, dialogue in enumerate(dialogues):
        text = f"{above}\n{dialogue}".lstrip("\n")
        yield Block("examples", "system", text, EXAMPLES - place)
    below = [values.expand(beginning)] if beginning else []
    yield from _texts("beginning of the chat", below, EXAMPLES)


def _texts(label: str, texts: Iterable[str], priority: int) -> Iterator[Block]:
    for text in texts:
        if text:
            yield Block(label, "system", text, priority)
