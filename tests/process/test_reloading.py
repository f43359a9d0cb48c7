"""The whole program as a process: new settings without a restart."""

import asyncio
import signal

from fakes.stage import Stage, profile


async def test_a_new_key_serves_the_next_message_while_the_old_one_ends_its_reply(
    stage: Stage,
) -> None:
    async with stage.playing() as program:
        rest = asyncio.Event()
        stage.llm.say("First half,", rest, " second half.")
        said = stage.discord.say(stage.tavern, stage.ada, "Tell me something long.")
        await stage.discord.wait_for_reply(stage.tavern, "First half", after=said)
        stage.configure(profiles={"main": profile(stage.llm, apiKey="made-up-new")})
        program.process.send_signal(signal.SIGHUP)
        await program.prints("Changed profiles: main.")
        assert not stage.llm.requests[0].gone.is_set()
        rest.set()
        await stage.discord.wait_for_reply(stage.tavern, "half, second half.", after=said)
        stage.llm.say("With the new key.")
        stage.discord.say(stage.tavern, stage.ada, "And now?")
        await stage.discord.wait_for_reply(stage.tavern, "With the new key.", after=said)
        keys = [request.headers["authorization"] for request in stage.llm.requests]
        assert keys == ["Bearer made-up", "Bearer made-up-new"]
        assert "made-up-new" not in program.output


async def test_a_changed_file_is_noticed_by_itself_and_a_broken_one_told(stage: Stage) -> None:
    async with stage.playing() as program:
        path = stage.configure(chat={"mode": "mention"})
        await program.prints("Changed settings: chat.")
        path.write_text('{"profiles": {}}', "utf-8")
        await program.prints(f"{path}:1:14: profiles")
        assert "Traceback" not in program.output
