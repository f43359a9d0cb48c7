"""Vectors of messages over the real database, and what is recalled by them."""

import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from fakes.clock import VirtualClock

from roleplay.errors import Unreachable
from roleplay.memory.likeness import AT_ONCE, PAUSE, Learnt, Likeness
from roleplay.memory.store import MemoryChoice, MemoryRules
from roleplay.ports import Vector
from roleplay.transcript import IncomingMessage, StoredMessage
from storage import vectors as stored
from storage.open import Stores

CHANNEL, GUILD, SIZE = 2, 3, 64
BEYOND = 2**31


class Embedder:
    """Equal texts have equal vectors; `synonyms` make different words equal."""

    id = "m"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.synonyms = {"vessel": "ship"}
        self.down = False

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.asked.append(list(texts))
        if self.down:
            raise Unreachable("gone")
        return [self.vector(text) for text in texts]

    def vector(self, text: str) -> Vector:
        word = text.rsplit(maxsplit=1)[-1].strip(".")
        seed = zlib.crc32(self.synonyms.get(word, word).encode()) * 0x9E3779B97F4A7C15
        return tuple(1.0 if seed >> bit & 1 else -1.0 for bit in range(SIZE))


@dataclass
class Rig:
    stores: Stores
    embedder: Embedder = field(default_factory=Embedder)
    clock: VirtualClock = field(default_factory=VirtualClock)
    rules: MemoryRules = field(default_factory=lambda: MemoryRules(embeddings="ann"))
    up: bool = True
    said: int = 100

    def __post_init__(self) -> None:
        self.likeness = Likeness(
            self.stores.memory,
            self.stores.vectors,
            lambda: self.rules,
            lambda _: self.embedder,
            is_idle=lambda _: self.up,
            is_up=lambda _: self.up,
            clock=self.clock,
        )

    async def say(self, *texts: str) -> list[int]:
        """The Discord ids."""
        first = self.said + 1
        for text in texts:
            self.said += 1
            said = IncomingMessage(self.said, CHANNEL, GUILD, 4, "Ann", text, 1.0)
            await self.stores.transcript.accept(said, wants_reply=False)
        return list(range(first, self.said + 1))

    async def near(self, text: str) -> list[str]:
        asked = [StoredMessage(BEYOND, CHANNEL, "user", 1, "Ann", text, 0.0)]
        ids = await self.likeness.near(CHANNEL, asked, BEYOND)
        return [one.text for one in await self.stores.moments.read(CHANNEL, ids)]

    async def kept(self) -> int:
        rows = await self.stores.vectors.signs(CHANNEL, "m", BEYOND, SIZE)
        return len(rows)


@pytest.fixture
def rig(stores: Stores) -> Rig:
    return Rig(stores)


TALK = [f"We spoke of the {word}." for word in "ship moon garden king bread river tower".split()]  # noqa: SIM905 - words


async def test_a_moment_is_found_by_what_it_is_about(rig: Rig) -> None:
    await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    assert await rig.near("Where is the vessel.") == ["We spoke of the ship."]


async def test_without_a_profile_nothing_is_asked_and_nothing_kept(rig: Rig) -> None:
    rig.rules = MemoryRules()
    await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    assert await rig.near("The vessel.") == []
    assert (rig.embedder.asked, await rig.kept()) == ([], 0)


async def test_where_memory_is_off_nothing_is_learnt(rig: Rig) -> None:
    await rig.say(*TALK)
    await rig.stores.memory.choose(MemoryChoice(CHANNEL, GUILD, enabled=False))
    await rig.likeness.learn(CHANNEL)
    assert rig.embedder.asked == []


async def test_each_message_is_learnt_once_in_small_batches(rig: Rig) -> None:
    await rig.say(*TALK, *TALK)
    await rig.likeness.learn(CHANNEL)
    await rig.likeness.learn(CHANNEL)
    assert [len(texts) for texts in rig.embedder.asked] == [AT_ONCE, len(TALK) * 2 - AT_ONCE]
    rig.embedder.id = "other"
    await rig.likeness.learn(CHANNEL)
    assert (len(rig.embedder.asked), await rig.kept()) == (4, 0)


async def test_an_edited_message_is_learnt_anew(rig: Rig) -> None:
    [ship, *_] = await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    await rig.stores.transcript.edit(ship, "We spoke of the desert.")
    assert await rig.kept() == len(TALK) - 1
    await rig.likeness.learn(CHANNEL)
    assert rig.embedder.asked[-1] == ["We spoke of the desert."]
    assert await rig.near("The desert.") == ["We spoke of the desert."]


async def test_a_vector_goes_with_its_message_a_reset_and_the_server(rig: Rig) -> None:
    [first, *_] = await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    await rig.stores.transcript.delete([first])
    assert await rig.kept() == len(TALK) - 1
    await rig.stores.transcript.reset(CHANNEL, 5.0)
    assert await rig.kept() == 0
    await rig.likeness.learn(CHANNEL)
    assert await rig.kept() == 0
    await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    await rig.stores.guilds.forget(GUILD)
    assert await rig.kept() == 0


async def test_what_changed_while_the_server_thought_is_not_kept(rig: Rig) -> None:
    [first, *_] = await rig.say(*TALK)
    [*_, (message_id, text)] = await rig.stores.vectors.missing(CHANNEL, "m", 50)
    await rig.stores.transcript.edit(first, "Other.")
    learnt = [Learnt(message_id, text, rig.embedder.vector(text))]
    await rig.stores.vectors.save(CHANNEL, "m", learnt)
    assert await rig.kept() == 0


async def test_only_the_newest_are_kept(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "KEPT", 5)
    await rig.say(*TALK[:5])
    await rig.likeness.learn(CHANNEL)
    await rig.say(*TALK[5:])
    await rig.likeness.learn(CHANNEL)
    await rig.likeness.learn(CHANNEL)
    assert await rig.kept() == 5
    assert len(rig.embedder.asked) == 2


async def test_a_failure_is_told_once_and_costs_a_turn_nothing_for_a_while(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    rig.embedder.down = True
    for _ in range(3):
        assert await rig.near("The vessel.") == []
    assert len(rig.embedder.asked) == 2
    await rig.clock.sleep(PAUSE)
    assert await rig.near("The vessel.") == []
    assert [each.levelno for each in caplog.records if "vectors" in each.message] == [
        logging.WARNING
    ]
    rig.embedder.down = False
    await rig.clock.sleep(PAUSE)
    assert await rig.near("The vessel.") == ["We spoke of the ship."]


async def test_a_profile_that_is_down_is_not_asked(rig: Rig) -> None:
    rig.up = False
    await rig.say(*TALK)
    await rig.likeness.learn(CHANNEL)
    assert rig.embedder.asked == []
