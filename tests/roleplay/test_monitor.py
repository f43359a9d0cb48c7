from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path

import pytest
from fakes.clock import VirtualClock
from fakes.health import BreakableHealth, Ear, ScriptedProber

from roleplay.chat import Attempt
from roleplay.errors import StorageError
from roleplay.health import Thresholds
from roleplay.monitor import Monitor
from roleplay.ports import ProbeState
from storage.database import Database
from storage.migrate import migrate, shipped

Script = list[ProbeState | Exception]
NewWatch = Callable[..., "Watch"]


class Watch:
    """A monitor with everything around it, and a minute between two sweeps."""

    def __init__(self, database: Database, **scripts: Script) -> None:
        self.prober = ScriptedProber(**scripts)
        self.store = BreakableHealth(database)
        self.clock = VirtualClock()
        self.ear = Ear()
        self.monitor = self.restart()

    def restart(self) -> Monitor:
        self.monitor = Monitor(
            self.prober, self.store, self.clock, self.ear, thresholds=Thresholds(), concurrency=3
        )
        return self.monitor

    async def sweep(self, times: int = 1) -> None:
        for _ in range(times):
            await self.monitor.sweep(self.prober.scripts)
            self.clock.advance(60)

    async def traffic(self, outcome: str, *, seconds: int, every: int = 1) -> None:
        for _ in range(0, seconds, every):
            await self.monitor.observe(Attempt("a", outcome, 1.0, detail="d", hint="h"))
            self.clock.advance(every)


@pytest.fixture
async def new_watch(tmp_path: Path) -> AsyncGenerator[NewWatch]:
    async with Database.open(tmp_path / "roleforge.db") as database:
        await migrate(database, shipped())
        yield partial(Watch, database)


async def test_three_failed_probes_open_an_incident_and_two_good_ones_close_it(
    new_watch: NewWatch,
) -> None:
    watch = new_watch(a=["down", "down", "down", "up", "up"])
    await watch.sweep(2)
    assert watch.ear.heard == []
    await watch.sweep(2)
    assert watch.ear.heard == ["opened a unreachable"]
    await watch.sweep(5)
    assert watch.ear.heard == ["opened a unreachable", "closed a"]


async def test_a_restart_repeats_nothing_and_goes_on_counting(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down", "down", "down", "down", "up", "up"])
    for _ in range(6):
        await watch.restart().load(["a"])
        await watch.sweep()
    assert watch.ear.heard == ["opened a unreachable", "closed a"]


async def test_loading_a_model_is_starting_not_down(new_watch: NewWatch) -> None:
    watch = new_watch(a=["starting"])
    await watch.sweep(10)
    assert watch.monitor.state("a").status == "starting"
    assert watch.ear.heard == []


async def test_a_check_that_breaks_does_not_touch_the_others(new_watch: NewWatch) -> None:
    watch = new_watch(a=[RuntimeError("a bug")], b=["down"], c=["up"])
    await watch.sweep(3)
    assert watch.monitor.state("a").status == "unknown"
    assert watch.monitor.state("c").status == "up"
    assert watch.ear.heard == ["opened b unreachable"]


async def test_a_database_error_is_no_outage(new_watch: NewWatch) -> None:
    watch = new_watch(a=[StorageError("locked")])
    await watch.sweep(5)
    await watch.traffic("storage", seconds=5)
    assert watch.monitor.state("a").status == "unknown"
    assert watch.ear.heard == []


async def test_an_opening_that_could_not_be_stored_comes_with_the_next_probe(
    new_watch: NewWatch,
) -> None:
    watch = new_watch(a=["down"])
    await watch.sweep(2)
    watch.store.broken = True
    await watch.sweep(3)
    assert watch.ear.heard == []
    watch.store.broken = False
    await watch.sweep()
    assert watch.ear.heard == ["opened a unreachable"]


async def test_no_more_probes_than_allowed_run_at_the_same_time(new_watch: NewWatch) -> None:
    scripts: dict[str, Script] = {f"p{n}": ["up"] for n in range(10)}
    watch = new_watch(**scripts)
    await watch.sweep()
    assert len(watch.prober.probed) == 10
    assert watch.prober.most_at_once == 3


async def test_failing_traffic_is_known_before_three_probes_could_tell(new_watch: NewWatch) -> None:
    watch = new_watch(a=["up"])
    await watch.sweep()
    await watch.traffic("server_failed", seconds=60)
    assert watch.ear.heard == ["opened a server_failed"]


async def test_one_message_with_its_retries_is_one_failure(new_watch: NewWatch) -> None:
    watch = new_watch(a=["up"])
    await watch.traffic("server_failed", seconds=15)
    assert watch.monitor.state("a").failures == 1


async def test_a_burst_of_answers_does_not_close_an_incident_at_once(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down", "down", "down", "up"])
    await watch.sweep(3)
    await watch.traffic("answered", seconds=19)
    assert watch.ear.heard == ["opened a unreachable"]
    await watch.traffic("answered", seconds=19)
    assert watch.ear.heard == ["opened a unreachable", "closed a"]


async def test_what_is_no_fault_of_the_server_does_not_count(new_watch: NewWatch) -> None:
    watch = new_watch(a=["up"])
    for code in ("rate_limited", "loading", "context_overflow", "filtered", "circuit_open"):
        await watch.traffic(code, seconds=200, every=20)
    assert watch.store.saved == []


async def test_answers_while_all_is_well_are_not_stored(new_watch: NewWatch) -> None:
    watch = new_watch(a=["up"])
    await watch.sweep()
    await watch.traffic("answered", seconds=3600, every=10)
    assert len(watch.store.saved) == 1
    assert watch.monitor.state("a").latency == 0.1


async def test_a_new_cause_of_the_same_incident_is_told_once(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down"])
    await watch.sweep(3)
    await watch.traffic("bad_key", seconds=100)
    assert watch.ear.heard == ["opened a unreachable", "changed a bad_key"]
    await watch.sweep(1)
    assert watch.ear.heard[-1] == "changed a unreachable"


async def test_a_profile_that_is_gone_closes_its_incident(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down"])
    await watch.sweep(3)
    await watch.monitor.forget("a")
    assert watch.ear.heard == ["opened a unreachable", "closed a"]
    assert watch.monitor.state("a").status == "unknown"


async def test_a_profile_that_left_the_config_is_not_down_for_ever(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down"], b=["down"])
    await watch.sweep(3)
    await watch.restart().load(["b"])
    assert [incident.profile for incident in await watch.store.open_incidents()] == ["b"]
    assert watch.monitor.state("a").status == "unknown"
    assert watch.monitor.state("b").status == "down"
