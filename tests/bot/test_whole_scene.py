"""An evening at the hearth: three people, two characters, and all that they do in a scene.

One story told by one test, so that each step stands on what came before it. What people see is
asserted, and what the model is asked.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import simcord
from fakes.cards import as_json, png, text_chunk, v2
from fakes.lore import book, entry
from fakes.swipes import counts, press
from fakes.tavern import Tavern, tavern

from bot.playground.webhooks import APPLICATIONS
from roleplay.lorebooks.write import card_book_of
from roleplay.profiles import ConnectionProfile

PLURALKIT = 466378653216014359

LORE = card_book_of(
    book(entry(1, "lighthouse", content="{{char}} put the light out.", comment="The light"))
)

NOVA = v2(
    name="Nova",
    description="{{char}} is the pilot.",
    first_mes="The sea is calm, says {{char}}.",
    alternate_greetings=["{{char}} is asleep.", "{{char}} is late."],
    system_prompt="",
    post_history_instructions="",
    extensions={"talkativeness": 0},
    character_book=LORE,
)
REX = v2(
    name="Rex",
    description="{{char}} is the cook.",
    alternate_greetings=[],
    system_prompt="",
    post_history_instructions="",
    extensions={"talkativeness": 0},
)


class Evening:
    """The people of the tavern at play; Ann is Luna in stories, and Ben is Kai."""

    def __init__(self, at: Tavern) -> None:
        self.at = at

    async def says(
        self, who: simcord.MemberActor, text: str, *replies: str, at: Any = None
    ) -> None:
        for reply in replies:
            self.at.llm.say(reply)
        await who.send(at or self.at.hearth, text)
        await self.at.quiet()

    def heard(self, count: int = 1) -> list[tuple[str, str]]:
        """The newest messages: who says what, as people see it."""
        newest = self.at.messages(self.at.hearth)[-count:]
        return [(message.author.name, message.content) for message in newest]

    @property
    def asked(self) -> Any:
        """What the model was asked last: the request's body."""
        return self.at.llm.requests[-1].body

    @property
    def history(self) -> list[str]:
        """The part of the last prompt that was said by somebody."""
        return [each["content"] for each in self.asked["messages"] if each["role"] != "system"]

    @property
    def prompt(self) -> str:
        return "\n".join(each["content"] for each in self.asked["messages"])

    async def form(
        self, who: simcord.MemberActor, command: str, fields: dict[str, str], **options: Any
    ) -> str:
        shown = await who.slash(self.at.hearth, command, **options)
        return answer(await who.submit_modal(shown, fields))

    async def menu(self, who: simcord.MemberActor, label: str, message: Any) -> str:
        opened = await who.context_menu(self.at.hearth, "Story…", message)
        assert opened.response
        told = answer(await who.click(opened.response, label=label))
        await self.at.quiet()
        return told


def answer(result: Any) -> str:
    found = result.followups[-1] if result.followups else result.response
    assert found is not None
    assert found.ephemeral
    return found.content


@asynccontextmanager
async def evening(folder: Path, **sections: Any) -> AsyncGenerator[Evening]:
    """Nova and Rex in the hearth: natural order, and silent unless they are called."""
    async with tavern(folder, **sections) as at:
        for file in (("nova.json", as_json(NOVA)), ("rex.png", png(text_chunk("chara", REX)))):
            await at.command(at.owner, "character import", file=file)
        for name in ("Nova", "Rex"):
            await at.command(at.owner, "cast add", character=name)
        yield Evening(at)


async def test_an_evening_at_the_hearth(tmp_path: Path) -> None:
    async with evening(tmp_path) as play:
        await they_are_who_they_want_to_be(play)
        await nova_greets(play)
        await each_is_called_by_name(play)
        await one_speaks_through_a_proxy(play)
        await the_reply_is_swiped_across_a_restart(play)
        await an_edit_stays_in_its_swipe(play)
        await some_things_are_not_for_the_characters(play)
        await dice_and_a_note_join_the_story(play)
        await a_step_is_taken_back(play)
        await the_story_branches(play)


async def they_are_who_they_want_to_be(play: Evening) -> None:
    personas = (
        (play.at.ann, "Luna", "Luna is a smuggler."),
        (play.at.ben, "Kai", "Kai is a monk."),
    )
    for who, name, about in personas:
        await play.form(who, "persona create", {"name": name, "description": about})
        await play.at.command(who, "persona default", name=name)


async def nova_greets(play: Evening) -> None:
    at = play.at
    assert await at.command(at.ann, "greet") == "Nova greets you."
    await at.quiet()
    assert play.heard() == [("Nova", "The sea is calm, says Nova.")]
    await press(at, "right", "ben")
    assert play.heard() == [("Nova", "Nova is asleep.")]
    await press(at, "left")
    await counts(at, "1/3")
    assert play.heard() == [("Nova", "The sea is calm, says Nova.")]
    assert at.llm.requests == []


async def each_is_called_by_name(play: Evening) -> None:
    at = play.at
    await play.says(at.ann, "Rex, did you see the lighthouse?", "Not tonight.")
    assert play.heard() == [("Rex", "Not tonight.")]
    assert "Rex is the cook." in play.prompt
    assert "Nova is the pilot." not in play.prompt
    assert "put the light out" not in play.prompt, "the book in Nova's card is hers alone"

    await play.says(at.ben, "And the lighthouse, Nova?", "It went dark.")
    assert play.heard() == [("Nova", "It went dark.")]
    assert "Nova put the light out." in play.prompt
    assert "Luna is a smuggler." in play.prompt
    assert "Kai is a monk." in play.prompt
    assert set(play.asked["stop"]) == {"\nKai:", "\nLuna:", "\nRex:"}
    assert play.history == [
        "Nova: The sea is calm, says Nova.",
        "Luna: Rex, did you see the lighthouse?",
        "Rex: Not tonight.",
        "Kai: And the lighthouse, Nova?",
    ]


async def one_speaks_through_a_proxy(play: Evening) -> None:
    at = play.at
    hook = at.guild.create_webhook(at.hearth, "PluralKit")
    APPLICATIONS[hook.id] = PLURALKIT
    at.llm.say("Who is there, Wisp?")
    await hook.send("Nova? It is cold.", username="Wisp")
    await at.quiet()
    assert play.heard() == [("Nova", "Who is there, Wisp?")]
    assert "Wisp: Nova? It is cold." in play.history[-1]
    assert "\nWisp:" in play.asked["stop"]


async def the_reply_is_swiped_across_a_restart(play: Evening) -> None:
    at = play.at
    await play.says(at.owner, "Nova, where is the boat?", "At the pier.", "On the beach.")
    await press(at, "right")
    assert play.heard() == [("Nova", "On the beach.")]
    await counts(at, "2/2")
    asked = len(at.llm.requests)
    await at.restart()
    await press(at, "left", "ben")
    assert play.heard() == [("Nova", "At the pier.")]
    await press(at, "right")
    assert play.heard() == [("Nova", "On the beach.")]
    assert len(at.llm.requests) == asked, "what was written once is shown again, not written again"


async def an_edit_stays_in_its_swipe(play: Evening) -> None:
    at = play.at
    opened = await at.owner.context_menu(at.hearth, "Edit reply", at.messages(at.hearth)[-1])
    await at.owner.submit_modal(opened, {"text": "On the white beach."})
    await press(at, "left")
    assert play.heard() == [("Nova", "At the pier.")]
    await press(at, "right")
    assert play.heard() == [("Nova", "On the white beach.")]


async def some_things_are_not_for_the_characters(play: Evening) -> None:
    at = play.at
    asked = len(at.llm.requests)
    await play.says(at.ann, "((Nova is fun to play with))")
    assert len(at.llm.requests) == asked
    await play.says(at.ben, "Rex, I have the key.", "Good.")
    secret = at.messages(at.hearth)[-2]
    assert "does not see" in await play.menu(at.ben, "Hide or show again", secret)
    await play.says(at.ann, "Rex, who has the key?", "Nobody.")
    assert "On the white beach." in play.prompt
    assert "At the pier." not in play.prompt
    assert "fun to play" not in play.prompt
    assert "I have the key" not in play.prompt


async def dice_and_a_note_join_the_story(play: Evening) -> None:
    at = play.at
    rolled = await at.ben.slash(at.hearth, "roll", dice="2d6+1", reason="the climb")
    assert rolled.response
    assert rolled.response.content.startswith("🎲 2d6+1 (the climb): **")
    await play.form(at.owner, "note set", {"text": "A storm is near {{char}}."}, depth=1)
    await play.says(at.ben, "Nova, do I make it?", "You do.")
    assert "Kai: *rolls 2d6+1 for the climb: " in play.prompt
    assert "A storm is near Nova." in play.prompt


async def a_step_is_taken_back(play: Evening) -> None:
    at = play.at
    before = play.heard(3)
    await play.says(at.ann, "Rex, set the ship on fire.", "It burns!")
    assert "Only those" in await at.command(at.ben, "undo")
    assert await at.command(at.ann, "undo", mine=True) == "Taken back."
    assert play.heard(3) == before
    await play.says(at.ann, "Rex, set the table.", "Dinner!")
    assert "fire" not in play.prompt


async def the_story_branches(play: Evening) -> None:
    at = play.at
    told = next(each for each in at.messages(at.hearth) if each.content == "You do.")
    assert "goes on in" in await play.menu(at.ann, "Branch from here", told)
    [thread] = at.hearth.threads
    await play.says(at.ann, "Rex, follow him!", "I am coming.", at=thread)
    said = at.messages(thread)[-1]
    assert (said.author.name, said.content) == ("Rex", "I am coming.")
    assert "You do." in play.prompt
    assert "Dinner!" not in play.prompt
    assert ("Rex", "Dinner!") in play.heard(2), "the channel's own story stands as it was"


async def test_the_same_with_a_real_small_model(
    tmp_path: Path, llama_server: ConnectionProfile
) -> None:
    """Shapes alone: a small model says what it likes."""
    key = llama_server.api_key
    main = {
        "type": "llamacpp",
        "baseURL": llama_server.base_url,
        "apiKey": key.get_secret_value() if key else None,
        "model": llama_server.model,
        "sampler": {"max_completion_tokens": 12},
    }
    async with evening(tmp_path, main=main) as play:
        at = play.at
        await they_are_who_they_want_to_be(play)
        await nova_greets(play)
        await play.says(at.ann, "Rex, did you see the lighthouse?")
        await play.says(at.ben, "And you, Nova?")
        names = ["Nova", "Ann", "Rex", "Ben", "Nova"]
        assert [name for name, _ in play.heard(9)] == names
        assert all(text and not text.startswith("-#") for _, text in play.heard(9))
        await press(at, "right")
        await counts(at, "2/2")
        await at.restart()
        await press(at, "left")
        await counts(at, "1/2")
        await press(at, "on")
        assert await at.command(at.owner, "undo") == "Taken back."
        assert [name for name, _ in play.heard(9)] == names[:-1]
        assert at.backup.requests == [], "the real server answered all of it"
