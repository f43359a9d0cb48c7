"""/impersonate: the model writes for a person, who decides what becomes of it."""

from pathlib import Path

import pytest
from fakes.llm import fail
from fakes.sqlite import look
from fakes.tavern import Tavern, tavern
from simcord import InteractionResult, ResponseMessage

from roleplay.errors import StorageError
from storage.open import FILE_NAME
from storage.usage import SqlUsage


def shown(result: InteractionResult) -> str:
    answer = result.followups[-1] if result.followups else result.response
    return answer.content if answer else ""


async def ghost(at: Tavern, text: str, **options: str) -> ResponseMessage:
    """What Ann is shown when the model writes this for her."""
    at.llm.say(text)
    result = await at.ann.slash(at.hearth, "impersonate", **options)
    await at.until(lambda: bool(shown(result)))
    answer = result.followups[-1] if result.followups else result.response
    assert answer
    assert answer.ephemeral
    return answer


async def test_a_text_is_shown_to_its_person_alone_and_posted_as_theirs(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        form = await at.ann.slash(at.hearth, "persona create")
        await at.ann.submit_modal(form, {"name": "Robin", "description": "A thief."})
        await at.command(at.ann, "persona use", name="Robin")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        draft = await ghost(at, "Robin: I look for the exit.", hint="Get away.")
        assert at.said(at.hearth) == ["Hello!", "Hello there."]
        prompt = str(at.llm.requests[-1].body)
        assert "Get away." in prompt
        at.llm.say("It is locked.")
        await at.ann.click(draft, label="Post")
        await at.quiet()
        posted, reply = at.messages(at.hearth)[-2:]
        assert (posted.author.name, posted.content) == ("Robin", "I look for the exit.")
        assert reply.content == "It is locked."
        last = at.llm.requests[-1].body["messages"][-1]["content"]
        assert last == "Robin: I look for the exit."


async def test_another_text_or_none(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        draft = await ghost(at, "One.")
        at.llm.say("Two.")
        await at.ann.click(draft, label="Again")
        await at.quiet()
        await at.until(lambda: draft.content == "Two.")
        await at.restart()
        await at.ann.click(draft, label="Discard")
        assert at.said(at.hearth) == []


async def test_when_nobody_answers_it_says_so(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.otherwise = at.backup.otherwise = fail(401)
        result = await at.ann.slash(at.hearth, "impersonate")
        await at.until(lambda: "No profile answered." in shown(result))
        other = await at.ann.slash(at.back_room, "impersonate")
        await at.until(lambda: shown(other) == "This channel is not bound: I am silent here.")


async def test_what_it_took_is_kept(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await ghost(at, "One.")
        database = at.loaded.data_folder / FILE_NAME
        assert look(database, "SELECT profile, kind FROM usage") == [("main", "impersonation")]


async def test_a_text_is_shown_although_its_cost_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    async with tavern(tmp_path) as at:
        monkeypatch.setattr(SqlUsage, "note", full)
        assert (await ghost(at, "One.")).content.startswith("One.")
