"""The whole program as a process: a person writes, the character answers, whoever is down."""

from fakes.llm import fail
from fakes.stage import Stage


async def test_a_message_is_answered(stage: Stage) -> None:
    async with stage.playing():
        stage.llm.say("Welcome", " to the inn", ", Ada.")
        said = stage.discord.say(stage.tavern, stage.ada, "Good evening!")
        reply = await stage.discord.wait_for_reply(
            stage.tavern, "Welcome to the inn, Ada.", after=said
        )
        assert [message.id for message in stage.discord.replies(stage.tavern, said)] == [reply.id]
        asked = stage.llm.requests[0].body["messages"]
        assert "Good evening!" in asked[-1]["content"]
        assert "Ada" in asked[-1]["content"]


async def test_the_first_fallback_answers_when_the_primary_is_overloaded_then_gone(
    stage: Stage,
) -> None:
    async with stage.playing():
        stage.llm.fail(503)
        stage.spare.say("The spare speaks.")
        said = stage.discord.say(stage.tavern, stage.ada, "Anyone?")
        await stage.discord.wait_for_reply(stage.tavern, "The spare speaks.", after=said)
        await stage.llm.refuse()
        stage.spare.say("Still here.")
        said = stage.discord.say(stage.tavern, stage.ada, "And now?")
        await stage.discord.wait_for_reply(stage.tavern, "Still here.", after=said)


async def test_when_all_are_down_the_person_gets_a_line_and_a_button_that_works(
    stage: Stage,
) -> None:
    async with stage.playing():
        stage.llm.next(fail(503))
        stage.spare.next(fail(401))
        said = stage.discord.say(stage.tavern, stage.ada, "Anyone?")
        line = await stage.discord.wait_for_reply(stage.tavern, after=said)
        await stage.discord.until(lambda: line.buttons)
        assert "made up" not in line.shown, "the causes are for the admin"
        stage.llm.say("Sorry, I dozed off.")
        stage.discord.press(line, "retry", stage.ada)
        await stage.discord.wait_for_reply(stage.tavern, "Sorry, I dozed off.", after=said)
        await stage.discord.until(lambda: line.deleted or not line.buttons)


async def test_the_causes_are_told_to_those_who_manage_the_server(stage: Stage) -> None:
    async with stage.playing():
        stage.llm.next(fail(503))
        stage.spare.next(fail(401))
        said = stage.discord.say(stage.tavern, stage.ada, "Anyone?")
        line = await stage.discord.wait_for_reply(stage.tavern, after=said)
        asked = stage.discord.press(line, "why", stage.mod)
        await stage.discord.wait_for_answer(asked, "main")
        assert "spare" in asked.text
        assert "made-up" not in asked.text, "a key was shown"
