"""No sequence of events gives two open incidents, a lost recovery, or too many messages."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from fakes.clock import VirtualClock
from fakes.courier import Posted, TestWatch
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from roleplay.chat import Attempt
from roleplay.maintenance import Window
from roleplay.places import Place
from roleplay.post_limit import HOUR, MOST_POSTS
from storage.open import open_stores

SITES = {
    "a": Place("box", "lan"),
    "b": Place("box", "lan"),
    "c": Place("cloud", "internet"),
    "d": Place("localhost:1", "machine"),
}

NAMES = st.sets(st.sampled_from("abcd"), min_size=1)


def most_in_an_hour(posts: list[Posted]) -> int:
    """Of all places and profiles."""
    most = 0
    for one in posts:
        for profile in one.profiles:
            same = [
                each
                for each in posts
                if each.place == one.place
                and profile in each.profiles
                and one.at <= each.at < one.at + HOUR
            ]
            most = max(most, len(same))
    return most


class Watching(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.set_forward = float("-inf")

    @initialize(reminder=st.sampled_from([0.0, 300.0]))
    def begin(self, reminder: float) -> None:
        self.runner.run(self._begin(reminder))

    async def _begin(self, reminder: float) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.clock = VirtualClock()
        stores = await self.stack.enter_async_context(open_stores(Path(folder), self.clock.now))
        self.watch = TestWatch(stores, self.clock, SITES, reminder)
        await self.watch.begin()

    @rule(names=NAMES, found=st.sampled_from(["up", "down", "down", "starting"]))
    def probes(self, names: set[str], found: str) -> None:
        self.runner.run(self.watch.look(found, *sorted(names)))  # pyright: ignore[reportArgumentType]

    @rule(names=NAMES)
    def goes_down(self, names: set[str]) -> None:
        async def thrice() -> None:
            for _ in range(3):
                await self.watch.look("down", *sorted(names))
                self.clock.advance(20)

        self.runner.run(thrice())

    @rule(name=st.sampled_from("abcd"), outcome=st.sampled_from(["answered", "bad_key", "timeout"]))
    def traffic(self, name: str, outcome: str) -> None:
        async def heard() -> None:
            await self.watch.monitor.observe(Attempt(name, outcome, 1.0))
            await self.watch.notices.reconcile()

        self.runner.run(heard())

    @rule(seconds=st.sampled_from([20, 61, 600, 3700]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.runner.run(self.watch.notices.reconcile())

    @rule(seconds=st.sampled_from([3600, -3600, 86_400, -86_400]))
    def the_clock_jumps(self, seconds: int) -> None:
        self.clock.jump(seconds)
        if seconds > 0:
            self.set_forward = self.clock.monotonic()

    @rule()
    def restarts(self) -> None:
        """A clock that is set forward just before: then nobody can know how long ago it was."""
        if self.clock.monotonic() - self.set_forward < HOUR:
            return
        self.watch.restart()
        self.runner.run(self.watch.load())

    @rule(sick=st.booleans())
    def discord(self, *, sick: bool) -> None:
        self.watch.courier.sick = sick

    @rule()
    def somebody_deletes_a_message(self) -> None:
        if self.watch.courier.standing:
            self.watch.courier.standing.pop(max(self.watch.courier.standing))

    @rule(names=NAMES)
    def is_planned(self, names: set[str]) -> None:
        window = Window(profiles=tuple(sorted(names)), start=self.clock.now(), seconds=120)
        self.runner.run(self.watch.plans.add(window))

    @invariant()
    def no_profile_and_no_host_is_in_two_open_incidents(self) -> None:
        if not hasattr(self, "watch"):
            return
        going = self.runner.run(self.watch.stores.health.open_incidents())
        down = [name for each in going for name in each.down]
        hosts = [each.host for each in going if each.host]
        assert len(down) == len(set(down))
        assert len(hosts) == len(set(hosts))

    @invariant()
    def nobody_is_told_more_often_than_allowed(self) -> None:
        if hasattr(self, "watch"):
            assert most_in_an_hour(self.watch.courier.posts) <= MOST_POSTS

    def teardown(self) -> None:
        try:
            if hasattr(self, "watch"):
                self.runner.run(self._all_is_well_again())
        finally:
            self.runner.run(self.stack.aclose())
            self.runner.close()

    async def _all_is_well_again(self) -> None:
        """Every message that stands then says so: no recovery is lost."""
        self.watch.courier.sick = False
        self.clock.advance(7200)
        for _ in range(40):
            await self.watch.look("up", *SITES)
            self.clock.advance(70)
        assert await self.watch.stores.health.open_incidents() == []
        assert await self.watch.stores.health.untold() == []
        for letter in self.watch.courier.standing.values():
            assert "back" in letter.title, letter.title


Watching.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # shrinking a database's life takes minutes
)
TestNotices = Watching.TestCase


FLAPPING = [("20 times an hour", 4, 5), ("6 times an hour", 15, 15), ("once an hour", 60, 120)]


async def flaps(folder: Path, hours: int, down: int, up: int) -> list[Posted]:
    """`d` is looked at every 20 seconds, and fails and answers by turns: so many looks each."""
    clock = VirtualClock()
    async with open_stores(folder, clock.now) as stores:
        watch = TestWatch(stores, clock, SITES, reminder=21600)
        await watch.begin()
        for number in range(hours * 180):
            failing = number % (down + up) < down
            await watch.look("down" if failing else "up", "d")
            clock.advance(20)
        return watch.courier.posts


async def test_a_profile_that_flaps_twenty_times_an_hour(tmp_path: Path) -> None:
    posts = await flaps(tmp_path, 4, 4, 5)
    assert most_in_an_hour(posts) <= MOST_POSTS
    assert len(posts) <= 3


@pytest.mark.slow
@pytest.mark.parametrize(("case", "down", "up"), FLAPPING)
async def test_a_day_of_flapping(tmp_path: Path, case: str, down: int, up: int) -> None:
    posts = await flaps(tmp_path, 24, down, up)
    print(f"{case}: {len(posts)} messages in a day")  # noqa: T201 - shown with `pytest -s`
    assert most_in_an_hour(posts) <= MOST_POSTS
