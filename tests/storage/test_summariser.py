"""Summaries over the real database, with a scripted model, and with a real small one."""

import random
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from fakes.clock import VirtualClock
from fakes.speech import ScriptedBackend

from backends.pool import Pool
from bot.clock import SystemClock
from roleplay.errors import BackendError, Overloaded
from roleplay.memory.store import MemoryChoice, MemoryRules
from roleplay.memory.summariser import KEPT_BACK, RETRY_SECONDS, Summariser
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler
from roleplay.transcript import IncomingMessage
from storage.open import Stores

CHANNEL, GUILD = 2, 3
RULES = MemoryRules(every=20)


async def chat(stores: Stores, count: int, text: str = "The sea is calm.") -> None:
    last = await stores.transcript.newest(CHANNEL) or 100
    for number in range(last + 1, last + 1 + count):
        said = IncomingMessage(number, CHANNEL, GUILD, 4, "Ann", f"{text} ({number})", 1.0)
        await stores.transcript.accept(said, wants_reply=False)


class Scribe:
    """A summariser with what it needs."""

    def __init__(self, stores: Stores, *answers: str | BackendError) -> None:
        self.backend = ScriptedBackend(*answers)
        self.clock = VirtualClock()
        self.idle = True
        self.stores = stores
        self.summariser = Summariser(
            stores.memory, self.backend, lambda: RULES, lambda _: self.idle, self.clock
        )

    async def consider(self) -> str:
        return await self.summariser.consider(CHANNEL, "main")

    async def text(self) -> str:
        known = await self.stores.memory.of(CHANNEL)
        return known.summary.text if known.summary else ""


async def test_a_summary_is_written_and_gone_on_with(stores: Stores) -> None:
    scribe = Scribe(stores, "They met.", "They met and parted.")
    await chat(stores, 19)
    assert await scribe.consider() == "nothing"
    await chat(stores, 1)
    assert await scribe.consider() == "written"
    assert await scribe.text() == "They met."
    assert await scribe.consider() == "nothing"
    await chat(stores, 20 - KEPT_BACK)
    assert await scribe.consider() == "written"
    assert await scribe.text() == "They met and parted."
    second = scribe.backend.prompts[1].blocks[1].text
    assert "They met." in second
    assert "(110)" not in second
    assert "(111)" in second
    assert f"({120 - KEPT_BACK + 10})" in second


async def test_a_busy_profile_and_a_channel_without_memory_are_left_alone(stores: Stores) -> None:
    scribe = Scribe(stores)
    await chat(stores, 30)
    scribe.idle = False
    assert await scribe.consider() == "busy"
    await stores.memory.choose(MemoryChoice(CHANNEL, GUILD, enabled=False))
    scribe.idle = True
    assert await scribe.consider() == "off"


async def test_a_failure_is_kept_for_show_and_tried_again_later(stores: Stores) -> None:
    scribe = Scribe(stores, Overloaded("Too many.", hint="Wait."), "They met.")
    await chat(stores, 30)
    assert await scribe.consider() == "busy"
    failure = scribe.summariser.failure(CHANNEL)
    assert failure
    assert failure.detail == "Too many. Wait."
    assert await scribe.consider() == "busy"
    assert len(scribe.backend.prompts) == 1
    await scribe.clock.sleep(RETRY_SECONDS)
    assert await scribe.consider() == "written"
    assert scribe.summariser.failure(CHANNEL) is None


async def test_another_profile_may_write(stores: Stores) -> None:
    scribe = Scribe(stores, "They met.")
    await chat(stores, 30)
    await stores.memory.choose(MemoryChoice(CHANNEL, GUILD, profile="small"))
    await scribe.consider()
    assert scribe.backend.name == "small"


async def test_what_was_changed_is_summed_up_anew(stores: Stores) -> None:
    scribe = Scribe(stores, "They met at sea.", "They met ashore.")
    await chat(stores, 30)
    await scribe.consider()
    await stores.transcript.edit(105, "We are ashore.")
    assert await scribe.consider() == "written"
    assert await scribe.text() == "They met ashore."
    assert "We are ashore." in scribe.backend.prompts[1].blocks[1].text
    assert "They met at sea." not in scribe.backend.prompts[1].blocks[1].text


@pytest.mark.timeout(120)
async def test_a_real_model_sums_up(stores: Stores, llama_server: ConnectionProfile) -> None:
    await chat(stores, 20, "I lit the lamp of the lighthouse.")
    async with AsyncExitStack() as stack:
        short = llama_server.model_copy(update={"sampler": Sampler(max_completion_tokens=24)})
        pool = Pool({"main": short}, clock=SystemClock(), rng=random.Random(1))
        await stack.enter_async_context(pool)
        rules = replace(RULES, summary_tokens=60)
        summariser = Summariser(stores.memory, pool, lambda: rules, lambda _: True, SystemClock())
        assert await summariser.consider(CHANNEL, "main") == "written"
    known = await stores.memory.of(CHANNEL)
    assert known.summary
    assert known.summary.text
    assert known.summary.profile == "main"
    [spent] = await stores.usage.spent("kind", 0)
    assert spent.key == "summary"
    assert spent.completion_tokens
