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
from roleplay.transcript import IncomingMessage, Part, TurnRequest, TurnState
from storage.open import open_stores

T = TypeVar("T")

CHANNELS = (1, 2)
LATER = 1_000_000
"""Discord ids of replies; people's are below."""

channels = st.sampled_from(CHANNELS)
texts = st.text(max_size=5)
picks = st.integers(0, 4)


BRANCH = 3
"""A channel that only branches write into."""


@dataclass(frozen=True)
class Said:
    channel: int
    position: int
    text: str
    turn: int | None = None
    hidden: bool = False


@dataclass
class Answer:
    """A turn, the text of its reply and the parts that make it up.

    `at` is the reply's position and `order` its place among replies at the same one.
    """

    channel: int
    state: TurnState
    trigger: int
    reopened: bool = False
    text: str | None = None
    parts: dict[int, str] = field(default_factory=dict[int, str])
    at: int = 0
    order: int = 0
    variants: list[str] = field(default_factory=list[str])
    number: int = 0
    continues: bool = False
    hidden: bool = False

    def say(self, text: str, order: int) -> None:
        """A new reply, a new variant of it, or more of the one that stands."""
        if self.text is None:
            self.at, self.order, self.hidden = self.trigger, order, False
            self.variants, self.number = [text], 0
        elif self.continues:
            self.variants[self.number] = text
        else:
            self.number = len(self.variants)
            self.variants.append(text)
        self.text = text


@dataclass(frozen=True)
class Line:
    """One message of a history; `origin` is a person's Discord id, 0 for a reply."""

    position: int
    order: int
    text: str
    hidden: bool
    origin: int


@dataclass
class Model:
    people: dict[int, Said] = field(default_factory=dict[int, Said])
    turns: dict[int, Answer] = field(default_factory=dict[int, Answer])
    resets: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CHANNELS, 0))
    copies: list[Line] = field(default_factory=list[Line])

    def waiting(self, channel: int) -> int | None:
        for number, turn in self.turns.items():
            if (turn.channel, turn.state, turn.reopened) == (channel, "accepted", False):
                return number
        return None

    def lines(self, channel: int) -> list[Line]:
        """All since the last reset, hidden ones too."""
        said = [
            Line(each.position, 0, each.text, each.hidden, discord_id)
            for discord_id, each in self.people.items()
            if each.channel == channel
        ]
        said += [
            Line(turn.at, turn.order, turn.text, turn.hidden, 0)
            for turn in self.turns.values()
            if turn.channel == channel and turn.text is not None
        ]
        said.sort(key=lambda line: (line.position, line.order))
        return [line for line in said if line.position > self.resets[channel]]

    def history(self, channel: int, before: int | None = None) -> list[str]:
        bound = (2 * LATER, 0)
        if before:
            own = self.turns[before]
            bound = (own.trigger, own.order if own.text is not None else 2 * LATER)
        return [
            line.text
            for line in self.lines(channel)
            if not line.hidden and (line.position, line.order) < bound
        ]

    def reply(self, number: int) -> Answer | None:
        """A turn with a reply that no reset left out."""
        turn = self.turns.get(number)
        there = turn and turn.text is not None and turn.at > self.resets[turn.channel]
        return turn if there else None

    def forget_person(self, discord_id: int) -> None:
        channel = self.people.pop(discord_id).channel
        self.copies = [copy for copy in self.copies if copy.origin != discord_id]
        for number, turn in self.turns.items():
            if (turn.channel, turn.state, turn.trigger) != (channel, "accepted", discord_id):
                continue
            left = [at for at, said in self.people.items() if said.turn == number]
            if left:
                turn.trigger = max(left)
            else:
                turn.state = "interrupted"

    def follow_parts(self, number: int) -> None:
        turn = self.turns[number]
        turn.text = "\n".join(turn.parts.values()) if turn.parts else None
        if turn.text is not None:
            turn.variants[turn.number] = turn.text


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
        turn.say(text, self.fresh())
        turn.state, turn.continues = "done", False
        parts = [Part(at, piece) for at, piece in turn.parts.items()]
        self.wait(self.transcript.finish(number, ChatReply(text, "stop", "p"), parts, by="Nova"))

    @rule(pick=picks)
    def fail(self, pick: int) -> None:
        number = self.some_turn(pick)
        self.wait(self.transcript.fail(number, "failed", "tls", ""))
        turn = self.model.turns.get(number)
        if turn and turn.state in ("accepted", "running"):
            turn.state = "failed"

    @rule(pick=picks, wanted=picks)
    def swipe(self, pick: int, wanted: int) -> None:
        number = self.some_turn(pick)
        turn = self.model.reply(number)
        part = Part(LATER + self.fresh(), "")
        if turn and wanted < len(turn.variants):
            part = replace(part, text=turn.variants[wanted])
            turn.text, turn.number = part.text, wanted
            turn.parts = {part.discord_id: part.text}
            assert self.wait(self.transcript.choose(number, wanted, [part]))
        else:
            assert not self.wait(self.transcript.choose(number, wanted, [part]))

    @rule(pick=picks)
    def drop_variant(self, pick: int) -> None:
        number = self.some_turn(pick)
        turn = self.model.reply(number)
        part = Part(LATER + self.fresh(), "")
        if turn and len(turn.variants) > 1:
            turn.variants.pop(turn.number)
            turn.number = max(0, turn.number - 1)
            turn.text = turn.variants[turn.number]
            part = replace(part, text=turn.text)
            turn.parts = {part.discord_id: part.text}
            assert self.wait(self.transcript.drop_variant(number, [part]))
        else:
            assert not self.wait(self.transcript.drop_variant(number, [part]))

    @rule(pick=picks)
    def queue(self, pick: int) -> None:
        """Another character answers the same message."""
        asked = self.model.turns.get(self.some_turn(pick))
        if asked is None:
            return
        request = TurnRequest(asked.channel, 5, asked.trigger, 1.0, character_id=9)
        turn = self.wait(self.transcript.queue(request))
        assert turn.id == len(self.model.turns) + 1
        self.model.turns[turn.id] = Answer(asked.channel, "accepted", asked.trigger, reopened=True)

    @rule(data=st.data(), hidden=st.booleans())
    def hide(self, data: st.DataObject, *, hidden: bool) -> None:
        model = self.model
        discord_id = data.draw(st.sampled_from(self.ids()))
        known = self.wait(self.transcript.hide(discord_id, hidden=hidden))
        assert known == (discord_id != 0)
        if discord_id in model.people:
            model.people[discord_id] = replace(model.people[discord_id], hidden=hidden)
        for turn in model.turns.values():
            if discord_id in turn.parts:
                turn.hidden = hidden

    @rule(data=st.data(), limit=st.integers(1, 4))
    def branch(self, data: st.DataObject, limit: int) -> None:
        model = self.model
        discord_id = data.draw(st.sampled_from(self.ids()))
        if discord_id == 0:
            return
        person = model.people.get(discord_id)
        if person:
            channel, last = person.channel, (person.position, 0)
        else:
            reply = next(turn for turn in model.turns.values() if discord_id in turn.parts)
            channel, last = reply.channel, (reply.at, reply.order)
        lines = [each for each in model.lines(channel) if (each.position, each.order) <= last]
        model.copies += lines[-limit:]
        count = self.wait(self.transcript.branch(discord_id, BRANCH, limit))
        assert count == len(lines[-limit:])

    @rule(pick=picks, continues=st.booleans())
    def reopen(self, pick: int, *, continues: bool) -> None:
        number = self.some_turn(pick)
        reopened = self.wait(self.transcript.reopen(number, continues=continues))
        turn = self.model.turns.get(number)
        ended = turn is not None and turn.state in ("done", "failed", "interrupted")
        there = turn is not None and turn.trigger > self.model.resets[turn.channel]
        assert (reopened is not None) == (ended and there)
        if reopened and turn:
            turn.state, turn.reopened, turn.continues = "accepted", True, continues

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
        for discord_id in sorted(chosen):
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
    def branches_agree(self) -> None:
        found = self.wait(self.transcript.recent(BRANCH, 1000))
        copies = sorted(self.model.copies, key=lambda copy: copy.position)
        assert [each.text for each in found] == [c.text for c in copies if not c.hidden]

    @invariant()
    def variants_agree(self) -> None:
        for number in self.model.turns:
            found = self.wait(self.transcript.reply(number))
            turn = self.model.reply(number)
            assert (found is None) == (turn is None)
            if found and turn:
                assert (found.text, found.number) == (turn.text, turn.number)
                texts = [
                    self.wait(self.transcript.variant(number, each)) for each in range(found.count)
                ]
                assert texts == turn.variants

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
