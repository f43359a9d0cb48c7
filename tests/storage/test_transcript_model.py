"""Random operations against the transcript and against a model of it in plain Python."""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from roleplay.chat import ChatReply
from roleplay.transcript import IncomingMessage, Part, TurnState
from storage.open import open_stores

T = TypeVar("T")

CHANNELS = (1, 2)
LATER = 1_000_000
"""Discord ids of replies; people's are below."""

channels = st.sampled_from(CHANNELS)
texts = st.text(max_size=5)
picks = st.integers(0, 4)


@dataclass(frozen=True)
class Said:
    channel: int
    position: int
    text: str
    turn: int | None = None


@dataclass
class Answer:
    """A turn, the text of its reply and the parts that make it up."""

    channel: int
    state: TurnState
    trigger: int
    reopened: bool = False
    text: str | None = None
    parts: dict[int, str] = field(default_factory=dict[int, str])


@dataclass
class Model:
    people: dict[int, Said] = field(default_factory=dict[int, Said])
    turns: dict[int, Answer] = field(default_factory=dict[int, Answer])
    resets: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CHANNELS, 0))

    def waiting(self, channel: int) -> int | None:
        for number, turn in self.turns.items():
            if (turn.channel, turn.state, turn.reopened) == (channel, "accepted", False):
                return number
        return None

    def history(self, channel: int, before: int | None = None) -> list[str]:
        bound = self.turns[before].trigger if before else 2 * LATER
        said = [
            (each.position, 0, each.text)
            for each in self.people.values()
            if each.channel == channel
        ]
        said += [
            (turn.trigger, 1, turn.text)
            for number, turn in self.turns.items()
            if turn.channel == channel and turn.text is not None and number != before
        ]
        return [text for at, _, text in sorted(said) if self.resets[channel] < at <= bound]

    def forget_person(self, discord_id: int) -> None:
        gone = self.people.pop(discord_id)
        turn = self.turns.get(gone.turn or 0)
        if turn is None or turn.state != "accepted" or turn.trigger != discord_id:
            return
        left = [at for at, said in self.people.items() if said.turn == gone.turn]
        if left:
            turn.trigger = max(left)
        else:
            turn.state = "interrupted"

    def follow_parts(self, number: int) -> None:
        turn = self.turns[number]
        turn.text = "\n".join(turn.parts.values()) if turn.parts else None


class TranscriptMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.stack = AsyncExitStack()
        self.model = Model()
        self.next_id = 1
        self.open()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def open(self) -> None:
        stores = self.wait(self.stack.enter_async_context(open_stores(Path(self.folder.name))))
        self.transcript = stores.transcript

    def teardown(self) -> None:
        self.wait(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    def fresh(self) -> int:
        self.next_id += 1
        return self.next_id

    def some_turn(self, pick: int) -> int:
        """The number of one of the newest turns, or one that is not there."""
        return max(1, len(self.model.turns) + 1 - pick)

    @initialize()
    def begin(self) -> None:
        """Without this most runs have nothing to work on."""
        self.accept(1, ["a", "b"], wanted=True)
        self.accept(1, ["c"], wanted=False)

    @rule(channel=channels, said=st.lists(texts, min_size=1, max_size=3), wanted=st.booleans())
    def accept(self, channel: int, said: list[str], *, wanted: bool) -> None:
        for text in said:
            self.accept_one(channel, self.fresh(), text, wanted=wanted)

    @rule(channel=channels, text=texts)
    def accept_again(self, channel: int, text: str) -> None:
        known = next(iter(self.model.people), None)
        if known:
            again = IncomingMessage(known, channel, 5, 3, "Ada", text, 1.0)
            assert self.wait(self.transcript.accept(again, wants_reply=True)) is None

    def accept_one(self, channel: int, discord_id: int, text: str, *, wanted: bool) -> None:
        model = self.model
        said = IncomingMessage(discord_id, channel, 5, 3, "Ada", text, 1.0)
        turn = self.wait(self.transcript.accept(said, wants_reply=wanted))
        assert (turn is not None) == wanted
        if turn:
            expected = model.waiting(channel) or len(model.turns) + 1
            assert (turn.id, turn.trigger_discord_id) == (expected, discord_id)
            owed = model.turns.setdefault(turn.id, Answer(channel, "accepted", discord_id))
            owed.trigger = discord_id
        model.people[discord_id] = Said(channel, discord_id, text, turn.id if turn else None)

    @rule(pick=picks)
    def start(self, pick: int) -> None:
        number = self.some_turn(pick)
        started = self.wait(self.transcript.start(number))
        turn = self.model.turns.get(number)
        assert (started is not None) == (turn is not None and turn.state == "accepted")
        if started and turn:
            turn.state = "running"

    @rule(pick=picks, pieces=st.lists(texts, max_size=3))
    def finish(self, pick: int, pieces: list[str]) -> None:
        number = self.some_turn(pick)
        turn = self.model.turns.get(number)
        if turn is None:
            return
        text = "\n".join(pieces)
        turn.parts = {LATER + self.fresh(): piece for piece in pieces}
        turn.text, turn.state = text, "done"
        parts = [Part(at, piece) for at, piece in turn.parts.items()]
        self.wait(self.transcript.finish(number, ChatReply(text, "stop", "p"), parts, by="Nova"))

    @rule(pick=picks)
    def fail(self, pick: int) -> None:
        number = self.some_turn(pick)
        self.wait(self.transcript.fail(number, "failed", "tls", ""))
        turn = self.model.turns.get(number)
        if turn and turn.state in ("accepted", "running"):
            turn.state = "failed"

    @rule(pick=picks)
    def reopen(self, pick: int) -> None:
        number = self.some_turn(pick)
        reopened = self.wait(self.transcript.reopen(number))
        turn = self.model.turns.get(number)
        ended = turn is not None and turn.state in ("done", "failed", "interrupted")
        there = turn is not None and turn.trigger > self.model.resets[turn.channel]
        assert (reopened is not None) == (ended and there)
        if reopened and turn:
            turn.state, turn.reopened = "accepted", True

    @rule(channel=channels)
    def reset(self, channel: int) -> None:
        model = self.model
        assert self.wait(self.transcript.reset(channel, 1.0)) == len(model.history(channel))
        own = [turn for turn in model.turns.values() if turn.channel == channel]
        ends = [said.position for said in model.people.values() if said.channel == channel]
        ends += [turn.trigger for turn in own]
        model.resets[channel] = max(ends, default=0)
        for turn in own:
            turn.state = "interrupted" if turn.state == "accepted" else turn.state

    @rule(data=st.data(), text=texts)
    def edit(self, data: st.DataObject, text: str) -> None:
        model = self.model
        discord_id = data.draw(st.sampled_from(self.ids()))
        known = self.wait(self.transcript.edit(discord_id, text))
        assert known == (discord_id != 0)
        if discord_id in model.people:
            model.people[discord_id] = replace(model.people[discord_id], text=text)
        for number, turn in model.turns.items():
            if discord_id in turn.parts and turn.parts[discord_id] != text:
                turn.parts[discord_id] = text
                model.follow_parts(number)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        model = self.model
        chosen = data.draw(st.sets(st.sampled_from(self.ids()), max_size=3))
        assert self.wait(self.transcript.delete([*chosen])) == len(chosen - {0})
        for discord_id in chosen:
            if discord_id in model.people:
                model.forget_person(discord_id)
        for number, turn in model.turns.items():
            if chosen & turn.parts.keys():
                turn.parts = {at: text for at, text in turn.parts.items() if at not in chosen}
                model.follow_parts(number)

    @rule()
    def restart(self) -> None:
        self.wait(self.stack.aclose())
        self.open()

    def ids(self) -> list[int]:
        """The newest Discord ids in use, and one that is not."""
        parts = [at for turn in self.model.turns.values() for at in turn.parts]
        return [0, *list(self.model.people)[-3:], *sorted(parts)[-3:]]

    @invariant()
    def histories_agree(self) -> None:
        for channel in CHANNELS:
            found = self.wait(self.transcript.recent(channel, 1000))
            assert [each.text for each in found] == self.model.history(channel)
            newest = self.wait(self.transcript.recent(channel, 2))
            assert newest == found[-2:]

    @invariant()
    def turns_agree(self) -> None:
        for number, turn in self.model.turns.items():
            found = self.wait(self.transcript.turn(number))
            assert found
            assert (found.channel_id, found.state) == (turn.channel, turn.state)
            assert (found.trigger_discord_id, found.posted) == (turn.trigger, (*turn.parts,))
            before = self.wait(self.transcript.recent(turn.channel, 1000, before_turn=number))
            assert [each.text for each in before] == self.model.history(turn.channel, number)

    @invariant()
    def unfinished_agree(self) -> None:
        found = self.wait(self.transcript.unfinished())
        owed = [n for n, turn in self.model.turns.items() if turn.state in ("accepted", "running")]
        assert [turn.id for turn in found] == sorted(owed)


TestTranscript = TranscriptMachine.TestCase
TestTranscript.settings = settings(
    max_examples=50,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
