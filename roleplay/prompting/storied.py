"""What stands before the history where a story string lays it out."""

from collections.abc import Iterator

from roleplay.lorebooks.book import Position
from roleplay.presets import handlebars
from roleplay.presets.story import Story
from roleplay.prompt import Block
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.opening import about, examples, main_text, summary
from roleplay.prompting.placed import lore_at
from roleplay.prompting.priorities import REQUIRED
from roleplay.prompting.values import Values


def storied(here: Ingredients, story: Story, values: Values, note: Block | None) -> Iterator[Block]:
    """One block, sent whole, then the examples unless it holds them, then the summary."""
    fields = _fields(here, values, note)
    pieces = handlebars.parse(story.template)
    text = handlebars.render(pieces, fields, values.expand_all).strip("\n")
    if text:
        yield Block("story string", "system", text, REQUIRED)
    if "mesexamples" not in story.template.lower():
        yield from examples(here, values, story.separator, "")
    yield from summary(here, values)
    if start := values.expand(story.start):
        yield Block("beginning of the chat", "system", start, REQUIRED)


def story_stops(here: Ingredients, values: Values) -> tuple[str, ...]:
    """What the context template ends a reply with."""
    stops = here.story.stops if here.story and here.facts.text else ()
    return tuple(values.expand(stop) or stop for stop in stops)


def _fields(here: Ingredients, values: Values, note: Block | None) -> dict[str, str]:
    before = _lore(here, Position.BEFORE_CHARACTER)
    after = _lore(here, Position.AFTER_CHARACTER)
    place = here.note.place if here.note else "chat"
    said = note.text if note else ""
    return {
        "system": main_text(here, values),
        "wibefore": before,
        "lorebefore": before,
        "wiafter": after,
        "loreafter": after,
        "persona": _personas(here, values),
        "anchorbefore": said if place == "before" else "",
        "anchorafter": said if place == "after" else "",
        "mesexamples": values.expand(here.speaker.card.mes_example),
        "mesexamplesraw": values.expand(here.speaker.card.mes_example),
        **_cards(here, values),
    }


def _cards(here: Ingredients, values: Values) -> dict[str, str]:
    """The fields of the speaker, or of all where the cards are joined."""
    cards = [here.speaker, *(here.others if here.joined else ())]
    return {
        name: "\n".join(
            text
            for each in cards
            if (text := values.expand_as(str(getattr(each.card, name)), each.name))
        )
        for name in ("description", "personality", "scenario")
    }


def _lore(here: Ingredients, position: Position) -> str:
    texts = (lore_at(here.lore, position), lore_at(here.lore, position, spare=True))
    return "\n".join(filter(None, texts))


def _personas(here: Ingredients, values: Values) -> str:
    """In a steady order, whoever wrote last."""
    worn = sorted(here.scene.personas, key=lambda each: each.id)
    told = ((each, values.expand_for(each.description, each.name)) for each in worn)
    return "\n".join(about(each, text) for each, text in told if text)
