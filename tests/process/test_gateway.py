"""The whole program as a process: what Discord's gateway may do to it."""

import pytest
from fakes.stage import Stage

BAD_CONFIG, NOT_ALLOWED = 78, 77


async def test_a_token_that_rest_refuses_ends_it_with_a_plain_reason(stage: Stage) -> None:
    stage.configure(discord={"token": "not-the-token"})
    async with stage.program() as program:
        assert await program.ended() in (NOT_ALLOWED, BAD_CONFIG)
        assert "token" in program.output
        assert "not-the-token" not in program.output
        assert "Traceback" not in program.output
    assert not stage.discord.gateway.identifies


async def test_a_token_that_the_gateway_refuses_ends_it_after_one_identify(stage: Stage) -> None:
    stage.discord.gateway.refuse = [4004]
    stage.configure()
    async with stage.program() as program:
        assert await program.ended() in (NOT_ALLOWED, BAD_CONFIG)
        assert "token" in program.output
        assert stage.discord.token not in program.output
        assert "Traceback" not in program.output
    assert len(stage.discord.gateway.identifies) == 1


async def test_an_intent_that_is_not_switched_on_ends_it_with_the_way_to_the_portal(
    stage: Stage,
) -> None:
    stage.discord.world.message_content_granted = False
    stage.configure()
    async with stage.program() as program:
        assert await program.ended() == BAD_CONFIG
        assert "discord.com/developers" in program.output
        assert "Message Content" in program.output
        assert "Traceback" not in program.output
    assert len(stage.discord.gateway.identifies) == 1


@pytest.mark.parametrize("trouble", ["op 7", "close 4000", "reset"])
async def test_what_is_said_while_the_line_is_down_is_answered_once(
    stage: Stage, trouble: str
) -> None:
    async with stage.playing():
        stage.llm.say("Yes, I heard you.")
        match trouble:
            case "op 7":
                stage.discord.gateway.ask_to_reconnect()
            case "close 4000":
                stage.discord.gateway.close(4000)
            case _:
                stage.discord.gateway.reset()
        said = stage.discord.say(stage.tavern, stage.ada, "Did you hear me?")
        await stage.discord.until(lambda: stage.discord.gateway.resumed)
        await stage.discord.wait_for_reply(stage.tavern, "Yes, I heard you.", after=said)
        stage.llm.say("And again.")
        again = stage.discord.say(stage.tavern, stage.ada, "Still there?")
        await stage.discord.wait_for_reply(stage.tavern, "And again.", after=again)
        assert len(stage.llm.requests) == 2
        assert len(stage.discord.replies(stage.tavern, said)) == 2
        assert len(stage.discord.gateway.identifies) == 1
