"""The whole program as a process: killed, ended and started again."""

import asyncio
import re

from fakes.discord.faults import EXECUTE, SEND, Fault
from fakes.discord.world import Message
from fakes.stage import Stage

QUESTION = "Tell me of the storm."


async def test_a_reply_cut_by_kill_9_is_offered_again_and_written_once(stage: Stage) -> None:
    async with stage.playing() as program:
        stage.llm.say("Once", asyncio.Event())
        said = stage.discord.say(stage.tavern, stage.ada, QUESTION)
        cut = await stage.discord.wait_for_reply(stage.tavern, "Once", after=said)
        await program.kill()
    async with stage.playing():
        [offer] = await stage.discord.until(lambda: offers(stage, said))
        assert cut.content.startswith("Once"), "what was said stands"
        stage.llm.say("Once there was a storm.")
        stage.discord.press(offer, "retry", stage.ada)
        await stage.discord.wait_for_reply(stage.tavern, "Once there was a storm.", after=said)
        await stage.discord.until(lambda: offer.deleted or not offer.buttons)
        left = [message.content for message in stage.discord.replies(stage.tavern, said)]
        assert left == ["Once there was a storm."]
        asked = str(stage.llm.requests[-1].body["messages"])
        assert asked.count(QUESTION) == 1
        assert len(stage.llm.requests) == 2


async def test_a_message_that_discord_took_in_the_moment_of_the_crash_is_written_into(
    stage: Stage,
) -> None:
    async with stage.playing() as program:
        stage.llm.say("Once", asyncio.Event())
        stage.discord.faults.script(SEND, Fault(stored=True, gate=asyncio.Event()))
        said = stage.discord.say(stage.tavern, stage.ada, QUESTION)
        await stage.discord.wait_for_reply(stage.tavern, "Once", after=said)
        await program.kill()
    async with stage.playing():
        [offer] = await stage.discord.until(lambda: offers(stage, said))
        stage.llm.say("A whole story.")
        stage.discord.press(offer, "retry", stage.ada)
        await stage.discord.wait_for_reply(stage.tavern, "A whole story.", after=said)
        await stage.discord.until(lambda: offer.deleted)
        left = [message.content for message in stage.discord.replies(stage.tavern, said)]
        assert left == ["A whole story."]


async def test_so_is_one_that_was_said_through_a_webhook(stage: Stage) -> None:
    own_name = {"voices": "all", "character": {"name": "Mira"}}
    async with stage.playing(chat=own_name) as program:
        stage.llm.say("Once", asyncio.Event())
        stage.discord.faults.script(EXECUTE, Fault(stored=True, gate=asyncio.Event()))
        said = stage.discord.say(stage.tavern, stage.ada, QUESTION)
        await stage.discord.wait_for_reply(stage.tavern, "Once", after=said)
        await program.kill()
    async with stage.playing(chat=own_name):
        [offer] = await stage.discord.until(lambda: offers(stage, said))
        stage.llm.say("A whole story.")
        stage.discord.press(offer, "retry", stage.ada)
        await stage.discord.wait_for_reply(stage.tavern, "A whole story.", after=said)
        await stage.discord.until(lambda: offer.deleted)
        left = [(m.author.name, m.content) for m in stage.discord.replies(stage.tavern, said)]
        assert left == [("Mira", "A whole story.")]
        assert len(stage.discord.webhooks.webhooks) == 1


async def test_a_message_said_while_another_is_answered_outlives_kill_9(stage: Stage) -> None:
    async with stage.playing() as program:
        stage.llm.say("Once", asyncio.Event())
        said = stage.discord.say(stage.tavern, stage.ada, QUESTION)
        await stage.discord.wait_for_reply(stage.tavern, "Once", after=said)
        stage.discord.say(stage.tavern, stage.ada, "And of the ship.")
        await handled(stage)
        await program.kill()
    async with stage.playing():
        await stage.discord.until(lambda: len(offers(stage, said)) == 2)
        stage.discord.press(offers(stage, said)[-1], "retry", stage.ada)
        await stage.discord.until(lambda: len(stage.llm.requests) > 2)
        asked = str(stage.llm.requests[-1].body["messages"])
        assert asked.count(QUESTION) == 1
        assert asked.count("And of the ship.") == 1


def offers(stage: Stage, said: int) -> list[Message]:
    """The lines that offer a turn again, oldest first."""
    replies = stage.discord.replies(stage.tavern, said)
    return [message for message in replies if "Try again" in str(message.buttons)]


async def handled(stage: Stage) -> None:
    """Until all that was said so far is in the program's hands: it hears messages in order."""
    kitchen = stage.discord.add_channel("kitchen")
    await stage.bind(kitchen)
    said = stage.discord.say(kitchen, stage.ada, "Anyone here?")
    await stage.discord.wait_for_reply(kitchen, after=said)


async def test_sigterm_ends_it_cleanly_while_idle(stage: Stage) -> None:
    async with stage.playing() as program:
        assert await program.terminate() == 0
        assert "Traceback" not in program.output
        await stage.discord.until(lambda: not stage.discord.gateway.connected)


async def test_sigterm_in_a_reply_ends_in_time_and_the_turn_is_offered_again(stage: Stage) -> None:
    async with stage.playing() as program:
        stage.llm.say("Once", asyncio.Event())
        said = stage.discord.say(stage.tavern, stage.ada, QUESTION)
        await stage.discord.wait_for_reply(stage.tavern, "Once", after=said)
        assert await program.terminate(15) == 0
        assert "Traceback" not in program.output
    async with stage.playing():
        await stage.discord.until(lambda: offers(stage, said))


async def test_a_reply_that_ends_within_the_grace_is_whole(stage: Stage) -> None:
    gate = asyncio.Event()
    async with stage.playing() as program:
        stage.llm.say("Once", gate, " upon a time.")
        said = stage.discord.say(stage.tavern, stage.ada, QUESTION)
        await stage.discord.wait_for_reply(stage.tavern, "Once", after=said)
        ending = asyncio.ensure_future(program.terminate())
        gate.set()
        assert await ending == 0
    whole = await stage.discord.wait_for_reply(stage.tavern, "Once upon a time.", after=said)
    assert "Try again" not in str(whole.buttons)


async def test_a_second_process_on_the_same_folder_is_refused_with_the_pid_of_the_first(
    stage: Stage,
) -> None:
    async with stage.playing() as first, stage.program() as second:
        assert await second.ended() not in (0, 1)
        assert re.search(rf"\b{first.pid}\b", second.output)
        assert len(stage.discord.gateway.identifies) == 1


async def test_commands_are_registered_once_while_they_stay_the_same(stage: Stage) -> None:
    async with stage.playing() as program:
        await program.terminate()
    assert stage.discord.application.syncs == 1
    async with stage.playing():
        said = stage.discord.say(stage.tavern, stage.ada, "Hello")
        await stage.discord.wait_for_reply(stage.tavern, after=said)
    assert stage.discord.application.syncs == 1
