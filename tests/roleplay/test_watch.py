"""What the monitor does about hosts, maintenance, doubt and our own network."""

from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path

import pytest
from fakes.clock import VirtualClock
from fakes.health import BreakableHealth, Ear, Line, ScriptedCompleter, ScriptedProber

from roleplay.chat import Attempt
from roleplay.connectivity import OwnConnection
from roleplay.deepening import Deepening
from roleplay.health import HealthState, Thresholds
from roleplay.ladder import CompletionRule
from roleplay.maintenance import Window
from roleplay.monitor import Monitor
from roleplay.places import Place
from roleplay.plans import Plans
from roleplay.ports import ProbeState
from storage.checks import SqlChecks
from storage.database import Database
from storage.maintenance import SqlMaintenance
from storage.migrate import migrate, shipped

Script = list[ProbeState | Exception]

PLACES = {
    "a": Place("gpu-box", "lan"),
    "b": Place("gpu-box", "lan"),
    "cloud": Place("api.example", "internet"),
    "other": Place("api.other", "internet"),
    "home": Place("localhost:8080", "machine"),
}


class Watch:
    """A monitor with everything it can have, and twenty seconds between two sweeps."""

    def __init__(self, database: Database, **scripts: Script) -> None:
        self.prober = ScriptedProber(**scripts)
        self.store = BreakableHealth(database)
        self.checks = SqlChecks(database)
        self.clock = VirtualClock()
        self.ear = Ear()
        self.line = Line()
        self.plans = Plans(SqlMaintenance(database), self.clock)
        self.completer = ScriptedCompleter()
        self.moves: list[str] = []
        self.monitor = self.restart()

    def restart(self) -> Monitor:
        self.monitor = Monitor(
            self.prober,
            self.store,
            self.clock,
            self.ear,
            thresholds=Thresholds(),
            concurrency=3,
            place=lambda name: PLACES.get(name, Place()),
            planned=self.plans.until,
            own=OwnConnection(self.line, self.clock),
            observers=[self],
            deepens=True,
        )
        self.deepening = Deepening(
            self.monitor, self.completer, self.checks, self.clock, CompletionRule()
        )
        return self.monitor

    def moved(self, before: HealthState, after: HealthState) -> None:
        if before.status != after.status:
            self.moves.append(f"{after.profile} {after.status}")

    async def sweep(self, times: int = 1) -> None:
        for _ in range(times):
            await self.monitor.sweep(self.prober.scripts)
            self.clock.advance(20)

    async def fails(self, profile: str, times: int = 1) -> None:
        for _ in range(times):
            await self.monitor.observe(Attempt(profile, "server_failed", 1.0))
            self.clock.advance(20)

    def status(self, profile: str) -> str:
        return self.monitor.state(profile).status


NewWatch = Callable[..., Watch]


@pytest.fixture
async def new_watch(tmp_path: Path) -> AsyncGenerator[NewWatch]:
    async with Database.open(tmp_path / "roleforge.db") as database:
        await migrate(database, shipped())
        yield partial(Watch, database)


async def test_profiles_of_one_host_are_one_incident(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down", "down", "down", "up"], b=["down"] * 5 + ["up"], cloud=["up"])
    await watch.sweep(3)
    (incident,) = await watch.store.open_incidents()
    assert (incident.host, incident.down) == ("gpu-box", ("a", "b"))
    assert watch.ear.heard == ["opened a unreachable", "changed a unreachable"]
    await watch.sweep(2)
    assert watch.ear.heard[2:] == ["changed a unreachable"]
    assert watch.monitor.incident("a") is None
    await watch.sweep(2)
    assert watch.ear.heard[3:] == ["closed a"]
    assert await watch.store.open_incidents() == []


async def test_those_who_listen_hear_of_every_change(new_watch: NewWatch) -> None:
    watch = new_watch(home=["down", "down", "down", "up"])
    await watch.sweep(5)
    assert watch.moves == ["home down", "home up"]


async def test_a_profile_about_to_change_is_looked_at_sooner(new_watch: NewWatch) -> None:
    watch = new_watch(home=["down"], cloud=["up"])
    await watch.sweep()
    await watch.monitor.confirm(20)
    await watch.monitor.confirm(20)
    assert watch.prober.probed.count("cloud") == 1
    assert watch.prober.probed.count("home") == 2


async def test_maintenance_judges_nothing_and_afterwards_all_begins_anew(
    new_watch: NewWatch,
) -> None:
    watch = new_watch(home=["up"])
    await watch.sweep()
    await watch.plans.add(Window(profiles=("home",), start=watch.clock.now(), seconds=120))
    watch.prober.scripts["home"][0] = "down"
    await watch.sweep(6)
    assert (watch.status("home"), watch.ear.heard) == ("up", [])
    assert [outcome.planned for outcome in watch.store.saved] == [False] + [True] * 6
    await watch.sweep(2)
    assert watch.ear.heard == []
    await watch.sweep()
    assert watch.ear.heard == ["opened home unreachable"]


async def test_an_open_incident_is_held_through_maintenance(new_watch: NewWatch) -> None:
    watch = new_watch(home=["down"])
    await watch.sweep(3)
    await watch.plans.add(Window(start=watch.clock.now(), seconds=100))
    watch.prober.scripts["home"][0] = "up"
    await watch.sweep(5)
    assert watch.ear.heard == ["opened home unreachable"]
    await watch.sweep(2)
    assert watch.ear.heard[1:] == ["closed home"]


async def test_when_nothing_can_be_reached_it_is_us(
    new_watch: NewWatch, caplog: pytest.LogCaptureFixture
) -> None:
    watch = new_watch(cloud=["up"], other=["up"], a=["up"], home=["up"])
    await watch.sweep()
    watch.line.up = False
    for name in watch.prober.scripts:
        watch.prober.scripts[name][0] = "down"
    watch.clock.advance(100)
    await watch.sweep(10)
    assert watch.ear.heard == ["opened home unreachable"]
    assert watch.monitor.own.offline_since is not None
    assert len([r for r in caplog.records if "I am offline" in r.message]) == 1
    watch.line.up = True
    for name in watch.prober.scripts:
        watch.prober.scripts[name][0] = "up"
    await watch.sweep(2)
    assert watch.monitor.own.offline_since is None
    assert watch.ear.heard[1:] == ["closed home"]


async def test_when_others_answer_it_is_them(new_watch: NewWatch) -> None:
    watch = new_watch(cloud=["down"], other=["up"])
    watch.line.up = False
    await watch.sweep(4)
    assert watch.ear.heard == ["opened cloud unreachable"]
    assert watch.monitor.own.offline_since is None


async def test_a_machine_at_home_does_not_prove_the_internet(new_watch: NewWatch) -> None:
    watch = new_watch(cloud=["down"], a=["up"])
    watch.line.up = False
    await watch.sweep(4)
    assert watch.ear.heard == []


async def test_while_discord_is_there_it_is_them(new_watch: NewWatch) -> None:
    watch = new_watch(cloud=["down"], other=["down"])
    await watch.sweep(3)
    assert watch.ear.heard == ["opened cloud unreachable", "opened other unreachable"]
    assert watch.line.asked <= 3


async def test_free_answers_do_not_hide_that_messages_fail(new_watch: NewWatch) -> None:
    watch = new_watch(home=["up"])
    await watch.sweep()
    for _ in range(3):
        await watch.fails("home")
        await watch.sweep()
    assert watch.ear.heard == ["opened home server_failed"]
    await watch.sweep(5)
    assert watch.status("home") == "down"


async def test_on_suspicion_the_model_itself_is_asked(new_watch: NewWatch) -> None:
    watch = new_watch(home=["up"])
    watch.completer.answers.extendleft(["down", "down"])
    await watch.fails("home")
    for _ in range(2):
        await watch.deepening.look(["home"])
        watch.clock.advance(20)
    assert watch.ear.heard == ["opened home server_failed"]
    watch.clock.advance(300)
    await watch.deepening.look(["home"])
    assert len(watch.completer.asked) == 3
    await watch.sweep()
    assert watch.ear.heard[1:] == ["closed home"]


async def test_a_model_is_not_asked_while_all_is_well_or_people_are_answered(
    new_watch: NewWatch,
) -> None:
    watch = new_watch(home=["up"])
    await watch.deepening.look(["home"])
    watch.completer.is_busy = True
    await watch.fails("home")
    await watch.deepening.look(["home"])
    assert watch.completer.asked == []


async def test_a_schedule_asks_where_nobody_else_did(new_watch: NewWatch) -> None:
    watch = new_watch(home=["up"])
    watch.deepening.rule = CompletionRule(every=600)
    for _ in range(60):
        await watch.sweep()
        await watch.deepening.look(["home"])
    assert len(watch.completer.asked) == 2
    for _ in range(60):
        await watch.monitor.observe(Attempt("home", "answered", 1.0))
        await watch.deepening.look(["home"])
        watch.clock.advance(20)
    assert len(watch.completer.asked) == 2


async def test_a_day_costs_no_more_than_allowed(
    new_watch: NewWatch, caplog: pytest.LogCaptureFixture
) -> None:
    watch = new_watch(home=["up"])
    watch.clock.advance(-watch.clock.now() % 86400)
    watch.deepening.rule = CompletionRule(every=60, tokens=1000, cost=9.0)
    for _ in range(100):
        await watch.deepening.look(["home"])
        watch.clock.advance(60)
    assert len(watch.completer.asked) == 10
    assert len([r for r in caplog.records if "no more answers today" in r.message]) == 1
    watch.deepening.rule = CompletionRule(every=60, tokens=10**6, cost=0.12)
    for _ in range(10):
        await watch.deepening.look(["home"])
        watch.clock.advance(60)
    assert len(watch.completer.asked) == 12
    watch.clock.advance(86400)
    await watch.deepening.look(["home"])
    assert len(watch.completer.asked) == 13


async def test_what_the_server_counted_is_what_it_cost(new_watch: NewWatch) -> None:
    watch = new_watch(home=["up"])
    watch.deepening.rule = CompletionRule(every=60)
    watch.completer.used = (18, 2)
    await watch.deepening.look(["home"])
    spent = await watch.checks.spent("home", int(watch.clock.now() // 86400))
    assert (spent.checks, spent.tokens, round(spent.cost, 6)) == (1, 20, 0.002)


async def test_a_restart_at_every_step_changes_nothing(new_watch: NewWatch) -> None:
    watch = new_watch(a=["down"] * 4 + ["up"], b=["down"] * 6 + ["up"], cloud=["up"])
    for _ in range(12):
        await watch.restart().load(list(PLACES))
        await watch.sweep()
    assert [word.partition(" ")[0] for word in watch.ear.heard] == [
        "opened",
        "changed",
        "changed",
        "closed",
    ]


async def test_a_long_suspend_is_one_check_of_each(new_watch: NewWatch) -> None:
    watch = new_watch(home=["up"], cloud=["up"])
    await watch.sweep()
    watch.clock.advance(3 * 86400)
    watch.prober.probed.clear()
    await watch.sweep()
    await watch.monitor.confirm(20)
    assert sorted(watch.prober.probed) == ["cloud", "home"]
    assert watch.ear.heard == []
