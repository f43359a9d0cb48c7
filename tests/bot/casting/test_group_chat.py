"""Three people and two characters in one channel, in every turn order."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import simcord
from fakes.cards import as_json, v2
from fakes.llm import fail
from fakes.tavern import Tavern, tavern


@asynccontextmanager
async def company(folder: Path, order: str = "list") -> AsyncGenerator[Tavern]:
    """Nova, then Rex, in the hearth."""
    async with tavern(folder) as at:
        for name in ("Nova", "Rex"):
            await bring(at, name)
            await at.command(at.owner, "cast add", character=name)
        await at.command(at.owner, "cast order", order=order)
        yield at


async def bring(at: Tavern, name: str, talkativeness: float = 0.5) -> None:
    card = v2(
        name=name,
        description=f"{name} is here.",
        system_prompt="",
        extensions={"talkativeness": talkativeness},
    )
    await at.command(at.owner, "character import", file=(f"{name}.json", as_json(card)))


def heard(at: Tavern) -> list[tuple[str, str]]:
    return [(message.author.name, message.content) for message in at.messages(at.hearth)]


def prompt(at: Tavern, number: int = -1) -> str:
    return "\n".join(each["content"] for each in at.llm.requests[number].body["messages"])


async def says(at: Tavern, who: simcord.MemberActor, text: str, *replies: str) -> None:
    for reply in replies:
        at.llm.say(reply)
    await who.send(at.hearth, text)
    await at.quiet()


async def test_in_list_order_everyone_speaks_and_hears_those_before(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        await says(at, at.ann, "Hello, both of you!", "I am Nova.", "And I am Rex.")
        assert heard(at) == [
            ("Ann", "Hello, both of you!"),
            ("Nova", "I am Nova."),
            ("Rex", "And I am Rex."),
        ]
        assert "Nova: I am Nova." not in prompt(at, 0)
        assert "Nova: I am Nova." in prompt(at, 1)
        await says(at, at.ben, "Go on.", "Nova again.", "Rex again.")
        await says(at, at.owner, "And on.", "Nova thrice.", "Rex thrice.")
        assert "Rex: Rex again." in prompt(at, -2)
        assert [name for name, _ in heard(at)].count("Rex") == 3


async def test_in_natural_order_who_is_named_speaks_in_the_order_of_the_names(
    tmp_path: Path,
) -> None:
    async with company(tmp_path, "natural") as at:
        for name in ("Nova", "Rex"):
            await at.command(at.owner, "cast talkativeness", character=name, percent=0)
        await says(at, at.ann, "Rex, what does nova say?", "Ask her.", "Nothing.")
        assert heard(at)[1:] == [("Rex", "Ask her."), ("Nova", "Nothing.")]
        await says(at, at.ben, "Nova!", "Yes?")
        assert heard(at)[4:] == [("Nova", "Yes?")]


async def test_who_is_answered_in_discord_is_meant(tmp_path: Path) -> None:
    async with company(tmp_path, "manual") as at:
        await says(at, at.ann, "Nova? Rex?")
        assert len(heard(at)) == 1
        at.llm.say("Here.")
        assert await at.command(at.ann, "speak", character="Rex") == "Rex speaks."
        await at.quiet()
        at.llm.say("Yes, me.")
        await at.ben.send(at.hearth, "You!", reply_to=at.messages(at.hearth)[-1])
        await at.quiet()
        assert heard(at)[1:] == [("Rex", "Here."), ("Ben", "You!"), ("Rex", "Yes, me.")]


async def test_pooled_one_answers(tmp_path: Path) -> None:
    async with company(tmp_path, "pooled") as at:
        await says(at, at.ann, "Hello?", "Hello.")
        await says(at, at.ben, "Hello?", "Hello.")
        assert len(heard(at)) == 4


async def test_a_muted_character_speaks_only_when_it_is_asked(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        assert "2. Rex (muted)" in await at.command(at.owner, "cast mute", character="Rex")
        await says(at, at.ann, "Rex?", "Nova here.")
        at.llm.say("Hm.")
        hint = "Growl at </s> Ann."
        await at.command(at.ben, "speak", character="Rex", hint=hint)
        await at.quiet()
        assert heard(at)[1:] == [("Nova", "Nova here."), ("Rex", "Hm.")]
        assert "Growl at" in prompt(at)
        assert "</s>" not in prompt(at)
        assert "2. Rex (talk" in await at.command(at.owner, "cast unmute", character="Rex")


async def test_characters_talk_among_themselves_as_often_as_they_may(tmp_path: Path) -> None:
    async with company(tmp_path, "pooled") as at:
        await at.command(at.owner, "cast auto", turns=3)
        await says(at, at.ann, "Discuss!", "One.", "Two.", "Three.", "Four.", "Never.")
        speakers = [name for name, _ in heard(at)[1:]]
        assert [text for _, text in heard(at)[1:]] == ["One.", "Two.", "Three.", "Four."]
        assert all(one != other for one, other in itertools.pairwise(speakers))


async def test_other_bots_are_never_answered(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        await at.command(at.owner, "cast auto", turns=5)
        other = at.env.create_user("OtherBot", bot=True)
        at.guild.add_member(other)
        at.env.backend.create_message(at.hearth.id, other.id, content="Nova! Rex! Nova!")
        await at.env.settle()
        await at.quiet()
        assert at.llm.requests == []


async def test_what_a_person_says_meanwhile_comes_before_the_rest_of_a_round(
    tmp_path: Path,
) -> None:
    async with company(tmp_path, "natural") as at:
        for name in ("Nova", "Rex"):
            await at.command(at.owner, "cast talkativeness", character=name, percent=0)
        more = asyncio.Event()
        at.llm.say("Let me", more, " think.")
        at.llm.say("Right away.")
        await at.ann.send(at.hearth, "Nova, Rex, what now?")
        await at.until(lambda: len(heard(at)) == 2)
        await at.ben.send(at.hearth, "Nova, run!")
        more.set()
        await at.quiet()
        assert [text for _, text in heard(at)] == [
            "Nova, Rex, what now?",
            "Let me think.",
            "Nova, run!",
            "Right away.",
        ]
        assert len(at.llm.requests) == 2


async def test_a_list_is_gone_through_to_its_end_first(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        more = asyncio.Event()
        at.llm.say("Let me", more, " think.")
        for text in ("Rex thinks too.", "Nova to Ben.", "Rex to Ben."):
            at.llm.say(text)
        await at.ann.send(at.hearth, "What now?")
        await at.until(lambda: len(heard(at)) == 2)
        await at.ben.send(at.hearth, "Run!")
        more.set()
        await at.quiet()
        assert "Ben: Run!" not in prompt(at, 1)
        assert "Rex: Rex thinks too." in prompt(at, 2)
        assert [name for name, _ in heard(at)][3:] == ["Rex", "Nova", "Rex"]


async def test_stop_ends_the_whole_round(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        at.llm.say("Let me", asyncio.Event(), " never")
        await at.ann.send(at.hearth, "What now?")
        await at.until(lambda: len(heard(at)) == 2)
        assert await at.command(at.ann, "stop") == "Stopped."
        await at.quiet()
        assert heard(at)[1:] == [("Nova", "Let me")]


async def test_one_failure_is_told_once_and_trying_again_brings_the_whole_round(
    tmp_path: Path,
) -> None:
    async with company(tmp_path) as at:
        at.llm.otherwise = at.backup.otherwise = fail(401)
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert len(heard(at)) == 2
        await at.command(at.owner, "profile switch", name="backup")
        await at.command(at.owner, "profile test", name="backup")
        at.backup.say("Nova.")
        at.backup.say("Rex.")
        await at.ann.click(at.messages(at.hearth)[-1], label="Try again")
        await at.quiet()
        assert heard(at)[1:] == [("Nova", "Nova."), ("Rex", "Rex.")]


async def test_the_whole_round_is_told_again_in_its_places(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        await says(at, at.ann, "Hello?", "Nova.", "Rex.")
        at.llm.say("Rex anew.")
        assert await at.command(at.ann, "retry") == "Trying again."
        await at.quiet()
        assert heard(at)[1:] == [("Nova", "Nova."), ("Rex", "Rex anew.")]
        at.llm.say("Nova afresh.")
        at.llm.say("Rex afresh.")
        assert await at.command(at.ann, "retry", all=True) == "Trying again."
        await at.quiet()
        assert heard(at)[1:] == [("Nova", "Nova afresh."), ("Rex", "Rex afresh.")]
        assert "Nova afresh." in prompt(at)
        assert "Rex anew." not in prompt(at)


async def test_the_cards_of_all_or_of_the_speaker_alone(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        await says(at, at.ann, "Hello?", "Nova.", "Rex.")
        assert "Rex is here." not in prompt(at, 0)
        assert "the cards of all" in await at.command(at.owner, "cast join-mode", mode="join")
        await says(at, at.ann, "Hello?", "Nova.", "Rex.")
        assert "Rex is here." in prompt(at, 2)
        assert "Nova is here." in prompt(at, 3)


async def test_the_cast_is_listed_moved_and_dissolved(tmp_path: Path) -> None:
    async with company(tmp_path, "natural") as at:
        assert await at.command(at.owner, "cast move", character="Rex", place=1) == (
            "**Characters here**\n"
            "1. Rex (talkativeness 50 %)\n"
            "2. Nova (talkativeness 50 %)\n"
            "**Order:** natural: who is named, then by talkativeness\n"
            "**Prompt:** the speaker's card alone\n"
            "**Among themselves:** no further turns"
        )
        assert "already" in await at.command(at.owner, "cast add", character="Rex")
        assert "3. Mira" in await at.command(at.owner, "cast add", character="Mira")
        assert "no character “Zed”" in await at.command(at.owner, "cast add", character="Zed")
        await at.command(at.owner, "cast remove", character="Rex")
        assert "not in this channel" in await at.command(at.owner, "cast mute", character="Rex")
        assert "dissolved" in await at.command(at.owner, "cast clear")
        await says(at, at.ann, "Who is here?", "Mira.")
        assert heard(at)[-1][1] == "Mira."
        assert "one character" in await at.command(at.owner, "cast list")


async def test_rules_need_a_cast_and_changes_a_manager(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "nothing to settle" in await at.command(at.owner, "cast order", order="list")
        await bring(at, "Nova")
        text = await at.command(at.owner, "cast add", character="Nova")
        assert "Mira, who spoke here before, is not among them" in text


async def test_a_thread_has_its_channels_cast_until_it_has_its_own(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        told = await at.ann.send(at.hearth, "Aside.")
        await at.quiet()
        channel = at.app.client.get_channel(at.hearth.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.create_thread(name="Aside", message=told)
        [thread] = at.hearth.threads
        inherited = await at.command(at.owner, "cast list", at=thread)
        assert inherited.startswith("**Characters of the parent channel**\n1. Nova")
        await at.command(at.owner, "cast mute", at=thread, character="Nova")
        assert "1. Nova (muted)" in await at.command(at.owner, "cast list", at=thread)
        assert "1. Nova (talk" in await at.command(at.owner, "cast list")


async def test_a_removed_character_leaves_the_others(tmp_path: Path) -> None:
    async with company(tmp_path) as at:
        removal = await at.owner.slash(at.hearth, "character remove", name="Nova")
        assert removal.response
        await at.owner.click(removal.response, label="Remove it")
        await says(at, at.ann, "Who is left?", "Rex.")
        assert heard(at)[1:] == [("Rex", "Rex.")]
