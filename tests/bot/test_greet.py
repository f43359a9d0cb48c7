"""What a character says first, as people meet it."""

from pathlib import Path
from typing import Any

from fakes.cards import as_json, v2
from fakes.swipes import counts, press
from fakes.tavern import Tavern, tavern


async def lyra(at: Tavern, **fields: Any) -> None:
    card = {
        "name": "Lyra",
        "first_mes": "I am {{char}}.",
        "alternate_greetings": ["Who are you, {{user}}?", "Come in."],
    }
    await at.command(
        at.owner, "character import", file=("lyra.json", as_json(v2(**(card | fields))))
    )


async def test_the_greetings_of_a_card_are_swipes_that_come_round(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await lyra(at)
        await at.command(at.owner, "channel character", name="Lyra")
        assert await at.command(at.ann, "greet") == "Lyra greets you."
        await at.quiet()
        assert at.said(at.hearth) == ["I am Lyra."]
        await press(at, "right")
        assert at.said(at.hearth) == ["Who are you, everyone?"]
        await press(at, "right")
        await counts(at, "3/3")
        await press(at, "right")
        assert at.said(at.hearth) == ["I am Lyra."]
        assert at.llm.requests == []
        await press(at, "right")
        at.llm.say("Ann, then.")
        await at.ann.send(at.hearth, "I am Ann.")
        await at.quiet()
        said = [message["content"] for message in at.llm.requests[0].body["messages"]]
        at_greeting = said.index("Who are you, everyone?")
        assert said[at_greeting + 1] == "Ann: I am Ann."


async def test_another_greeting_and_another_character_by_name(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await lyra(at)
        assert await at.command(at.ann, "greet") == "The card of Mira has no greeting."
        told = await at.command(at.ann, "greet", number=9, character="Lyra")
        assert told == "The card of Lyra has 3 greetings."
        await at.command(at.ann, "greet", number=3, character="Lyra")
        await at.quiet()
        [greeting] = at.messages(at.hearth)
        assert (greeting.author.name, greeting.content) == ("Lyra", "Come in.")
        unbound = "This channel is not bound: I am silent here."
        assert await at.command(at.ann, "greet", at=at.back_room) == unbound


async def test_a_character_greets_when_it_comes_if_it_is_asked_to(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await lyra(at)
        await at.command(at.owner, "channel character", name="Lyra", greet=True)
        await at.quiet()
        assert at.said(at.hearth) == ["I am Lyra."]
        again = await at.command(at.ann, "retry")
        assert again.startswith("A greeting stands on the character's card")
        await at.quiet()
        assert at.said(at.hearth) == ["I am Lyra."]


async def test_a_greeting_can_be_gone_on_with(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await lyra(at, alternate_greetings=[])
        await at.command(at.ann, "greet", character="Lyra")
        await at.quiet()
        at.llm.say("Sit down.")
        await press(at, "on")
        assert at.said(at.hearth) == ["I am Lyra. Sit down."]
