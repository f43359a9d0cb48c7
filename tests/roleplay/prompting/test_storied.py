"""Prompts whose opening a story string lays out."""

from dataclasses import replace

from fakes.presets import STORY
from fakes.scenes import ANN, MIRA, ROOK, fired, ingredients, lore, said

from roleplay.lorebooks.book import Position
from roleplay.presets.story import Story
from roleplay.prompting.build import build
from roleplay.prompting.ingredients import Facts, Ingredients
from roleplay.prompting.note import AuthorsNote

HISTORY = said("Ann: Where are we?", "Mira: Near Titan.")


def told(story: Story, here: Ingredients | None = None) -> Ingredients:
    here = here or ingredients(HISTORY, ANN)
    return replace(here, story=story, facts=Facts(text=True))


def opening(here: Ingredients) -> list[tuple[str, str]]:
    return [(one.label, one.text) for one in build(here).prompt.blocks if not one.id]


def test_the_story_string_stands_first_then_the_examples_then_the_chat() -> None:
    here = told(Story("{{description}}\n{{persona}}\n", "***", "~ {{char}} ~"))
    assert opening(here)[:4] == [
        (
            "story string",
            (
                "Mira flies the courier ship Lark. She owes Ann a favour.\n"
                "About Ann: Ann is a smuggler with a limp."
            ),
        ),
        ("examples", "***\nAnn: Are we lost?\nMira: I prefer *unscheduled*."),
        ("examples", "***\nAnn: Who taught you to fly?\nMira: A man who crashed a lot."),
        ("beginning of the chat", "~ Mira ~"),
    ]


def test_examples_are_not_told_twice() -> None:
    labels = [label for label, _ in opening(told(Story("{{mesExamples}}")))]
    assert "examples" not in labels


def test_what_a_field_holds_is_not_read_again() -> None:
    card = replace(MIRA.card, description="{{ {{personality}} }}", nickname="{{scenario}}")
    speaker = replace(MIRA, card=card)
    here = replace(ingredients(HISTORY), speaker=speaker, cast=(speaker,))
    [(_, text), *_] = opening(told(Story("{{char}}|{{#if description}}D{{/if}}"), here))
    assert text == "{{scenario}}|D"


def test_lore_and_the_note_have_their_places() -> None:
    here = ingredients(HISTORY)
    here = replace(
        here,
        lore=lore(fired("Titan is cold.", Position.BEFORE_CHARACTER)),
        note=AuthorsNote("Be brief.", place="after"),
    )
    [(_, text), *_] = opening(told(Story("{{wiBefore}}/{{wiAfter}}/{{anchorAfter}}"), here))
    assert text == "Titan is cold.//Be brief."


def test_joined_cards_are_all_there() -> None:
    here = replace(ingredients(HISTORY, cast=(MIRA, ROOK)), joined=True)
    [(_, text), *_] = opening(told(Story("{{description}}"), here))
    assert "flies the courier ship" in text
    assert "Rook is the mechanic" in text


def test_its_strings_end_a_reply_as_well() -> None:
    assert build(told(Story(STORY, stops=("***",)))).prompt.stop[-1] == "***"


def test_where_messages_are_sent_there_is_no_story_string() -> None:
    here = replace(ingredients(HISTORY), story=Story(STORY, stops=("***",)))
    assert "story string" not in [label for label, _ in opening(here)]
    assert "***" not in build(here).prompt.stop
