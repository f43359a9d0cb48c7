"""The menu of any message, /continue and /undo, as people use them."""

from pathlib import Path
from typing import Any

from fakes.tavern import Tavern, tavern


async def menu(at: Tavern, who: Any, label: str, target: Any) -> str:
    """Open a message's menu and press a button there; what the one who did so is told."""
    opened = await who.context_menu(at.hearth, "Story…", target)
    assert opened.response
    assert opened.response.ephemeral
    result = await who.click(opened.response, label=label)
    await at.quiet()
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None
    assert answer.ephemeral
    return answer.content


async def talk(at: Tavern, *replies: str) -> None:
    """Ann says something for each reply."""
    for number, reply in enumerate(replies):
        at.llm.say(reply)
        await at.ann.send(at.hearth, f"Line {number}.")
        await at.quiet()


def last_prompt(at: Tavern) -> list[str]:
    return [message["content"] for message in at.llm.requests[-1].body["messages"][1:]]


async def test_any_reply_is_written_anew_with_what_came_before_it(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.", "Two.")
        at.llm.say("Another one.")
        assert await menu(at, at.ben, "Regenerate", at.messages(at.hearth)[1]) == "Written anew."
        assert at.said(at.hearth) == ["Line 0.", "Another one.", "Line 1.", "Two."]
        assert last_prompt(at) == ["Ann: Line 0."]


async def test_a_message_is_answered_anew_by_its_own_menu(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.", "Two.")
        at.llm.say("Other two.")
        await menu(at, at.ann, "Regenerate", at.messages(at.hearth)[2])
        assert at.said(at.hearth)[-1] == "Other two."


async def test_any_reply_is_gone_on_with(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One", "Two")
        at.llm.say("and more.")
        assert await menu(at, at.ann, "Continue", at.messages(at.hearth)[1]) == "Going on."
        assert at.said(at.hearth)[1] == "One and more."
        at.llm.say("at last.")
        assert await at.command(at.ann, "continue") == "Going on."
        await at.quiet()
        assert at.said(at.hearth)[3] == "Two at last."


async def test_a_hidden_message_is_not_seen_and_can_come_back(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.")
        reply = at.messages(at.hearth)[1]
        gone = "The character does not see this message any more."
        assert await menu(at, at.ben, "Hide or show again", reply) == gone
        await at.until(lambda: bool(at.messages(at.hearth)[1].reactions))
        await talk(at, "Two.")
        assert last_prompt(at) == ["Ann: Line 0.", "Ann: Line 0."]
        back = "The character sees this message again."
        assert await menu(at, at.ben, "Hide or show again", reply) == back
        await talk(at, "Three.")
        assert "One." in last_prompt(at)


async def test_peoples_words_are_hidden_by_themselves_or_a_moderator(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.")
        said = at.messages(at.hearth)[0]
        refused = "Only its writer, or a moderator, may do that."
        assert await menu(at, at.ben, "Hide or show again", said) == refused
        assert "does not see" in await menu(at, at.ann, "Hide or show again", said)
        assert "sees this message again" in await menu(at, at.owner, "Hide or show again", said)


async def test_what_is_no_part_of_the_story_is_left_alone(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        other = await at.ann.send(at.back_room, "Hello?")
        result = await at.ann.context_menu(at.back_room, "Story…", other)
        assert result.response
        assert result.response.content == "This message is not part of the story."
        await at.command(at.owner, "channel mode", mode="mention")
        said = await at.ann.send(at.hearth, "To myself.")
        await at.quiet()
        assert await menu(at, at.ann, "Regenerate", said) == "Nothing answers this message."


async def test_a_branch_goes_its_own_way_in_a_thread(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.", "Two.")
        told = await menu(at, at.ann, "Branch from here", at.messages(at.hearth)[1])
        [thread] = at.hearth.threads
        assert told == f"The story goes on in <#{thread.id}>."
        assert at.messages(thread)[-1].content.startswith("-# From here the story goes another")
        at.llm.say("Elsewhere.")
        await at.ben.send(thread, "What else?")
        await at.quiet()
        assert last_prompt(at) == ["Ann: Line 0.", "One.", "Ben: What else?"]
        at.llm.say("Here.")
        await at.ann.send(at.hearth, "And here?")
        await at.quiet()
        assert last_prompt(at)[-2:] == ["Two.", "Ann: And here?"]


async def test_undo_takes_the_last_reply_back(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.", "Two.")
        refused = "Only those whom it answers, or a moderator, may do that."
        assert await at.command(at.ben, "undo") == refused
        assert await at.command(at.ann, "undo") == "Taken back."
        assert at.said(at.hearth) == ["Line 0.", "One.", "Line 1."]


async def test_undo_can_take_the_question_too(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.", "Two.")
        await at.command(at.owner, "undo", mine=True)
        assert "Line 1." not in at.said(at.hearth)
        await talk(at, "Three.")
        assert last_prompt(at) == ["Ann: Line 0.", "One.", "Ann: Line 0."]
        assert (
            await at.command(at.ann, "undo", at=at.back_room) == "There is no reply to take back."
        )


async def test_delete_reply_by_its_menu(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "One.", "Two.")
        assert await menu(at, at.ann, "Delete reply", at.messages(at.hearth)[1]) == "Deleted."
        assert at.said(at.hearth) == ["Line 0.", "Line 1.", "Two."]
        person = at.messages(at.hearth)[0]
        assert await menu(at, at.ann, "Delete reply", person) == "This is no reply of mine."
