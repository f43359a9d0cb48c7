from dataclasses import replace
from pathlib import Path

import pytest
from fakes.sqlite import look

from roleplay.errors import StorageError
from roleplay.health import HealthState, Outcome, Thresholds, advance
from roleplay.incidents import Incident, Member, Notice
from storage.health import PROBES_KEPT, SqlHealth
from storage.open import FILE_NAME, Stores


@pytest.fixture
def health(stores: Stores) -> SqlHealth:
    return stores.health


class Watch:
    """Feeds outcomes through the state machine into the store, as the monitor does."""

    def __init__(self, health: SqlHealth, profile: str = "main") -> None:
        self.health = health
        self.state = HealthState(profile)
        self.at = 100.0

    async def sees(self, *codes: str) -> Incident | None:
        """Successes are "", failures their code. Gives the last incident that was told of."""
        told = None
        for code in codes:
            self.at += 1
            result = "failed" if code else "ok"
            outcome = Outcome(self.at, result, 0.5, code, f"{code} detail", f"{code} hint")
            self.state, transition = advance(self.state, outcome, Thresholds())
            told = await self.health.save(self.state, outcome, transition) or told
        return told


async def test_states_come_back_as_they_were(health: SqlHealth) -> None:
    first, second = Watch(health), Watch(health, "other")
    await first.sees("", "")
    await second.sees("timeout")
    assert await health.states() == {"main": first.state, "other": second.state}


async def test_an_outage_is_one_incident_from_opening_to_closing(health: SqlHealth) -> None:
    watch = Watch(health)
    opened = await watch.sees("tls", "tls", "timeout")
    assert opened == Incident(
        *(1, "main", 103.0, "timeout", "timeout detail", "timeout hint", None, 3),
        members=(Member("main", 103.0, "timeout", "timeout detail", "timeout hint", 3),),
    )
    assert await health.open_incidents() == [opened]
    assert await watch.sees("bad_key") is None
    (going,) = await health.open_incidents()
    assert (going.code, going.failures, going.opened_at) == ("bad_key", 4, 103.0)
    closed = await watch.sees("", "")
    assert closed
    assert (closed.closed_at, closed.down, closed.code) == (106.0, (), "bad_key")
    assert await health.open_incidents() == []
    assert await health.incident(1) == closed
    assert await health.incident(2) is None


async def test_a_success_does_not_become_the_cause(health: SqlHealth) -> None:
    watch = Watch(health)
    await watch.sees("tls", "tls", "tls", "")
    (going,) = await health.open_incidents()
    assert (going.code, going.failures) == ("tls", 3)


async def test_incidents_come_newest_first(health: SqlHealth) -> None:
    watch, other = Watch(health), Watch(health, "other")
    for _ in range(2):
        await watch.sees("tls", "tls", "tls", "", "")
    await other.sees("tls", "tls", "tls")
    assert [each.id for each in await health.incidents()] == [3, 2, 1]
    assert [each.id for each in await health.incidents("main")] == [2, 1]
    assert [each.id for each in await health.incidents(limit=1)] == [3]


async def test_opening_twice_keeps_one_incident(health: SqlHealth) -> None:
    state = HealthState("main", "down", failures=3, code="tls")
    first = await health.save(state, Outcome(1.0, "failed"), "opened")
    second = await health.save(replace(state, code="timeout"), Outcome(9.0, "failed"), "opened")
    assert first
    assert second
    assert (second.id, second.code, second.opened_at) == (first.id, "timeout", 1.0)
    assert [each.id for each in await health.open_incidents()] == [first.id]


async def test_closing_what_is_not_open_tells_nothing(health: SqlHealth) -> None:
    assert await health.save(HealthState("main"), Outcome(1.0, "ok"), "closed") is None


async def test_a_clock_that_jumps_back_closes_no_incident_before_it_opened(
    health: SqlHealth,
) -> None:
    await health.save(HealthState("main"), Outcome(50.0, "failed"), "opened")
    closed = await health.save(HealthState("main"), Outcome(10.0, "ok"), "closed")
    assert closed
    assert closed.closed_at == 50.0


async def test_a_save_is_whole_or_not_at_all(health: SqlHealth) -> None:
    bad = HealthState("main", failures=2**63)
    with pytest.raises(StorageError):
        await health.save(bad, Outcome(1.0, "failed"), "opened")
    assert await health.states() == {}
    assert await health.incidents() == []


async def test_notices_are_kept_by_incident_and_server(health: SqlHealth) -> None:
    watch = Watch(health)
    await watch.sees("tls", "tls", "tls")
    first, second = Notice(1, 5, 70, 700, "open"), Notice(1, 6, 80, 800, "open")
    await health.save_notice(second)
    await health.save_notice(first)
    moved = replace(first, message_id=701)
    await health.save_notice(moved)
    assert await health.notices(1) == [moved, second]
    assert await health.notices(2) == []


async def test_a_closed_incident_is_untold_until_every_server_knows(health: SqlHealth) -> None:
    watch = Watch(health)
    await watch.sees("tls", "tls", "tls")
    notices = [Notice(1, 5, 70, 700, "open"), Notice(1, 6, 80, 800, "open")]
    for notice in notices:
        await health.save_notice(notice)
    assert await health.untold() == []
    closed = await watch.sees("", "")
    for notice in notices:
        assert await health.untold() == [closed]
        await health.save_notice(replace(notice, told="closed"))
    assert await health.untold() == []


async def test_a_profile_that_is_gone_leaves_its_history_only(health: SqlHealth) -> None:
    watch = Watch(health)
    await watch.sees("tls", "tls", "tls", "tls")
    await health.forget("main")
    await health.forget("never there")
    assert await health.states() == {}
    (incident,) = await health.incidents()
    assert incident.closed_at == 104.0


async def test_probes_are_kept_for_a_month(health: SqlHealth, tmp_path: Path) -> None:
    watch = Watch(health)
    await watch.sees("", "")
    watch.at += PROBES_KEPT - 1
    await watch.sees("")
    kept = look(tmp_path / FILE_NAME, "SELECT at FROM probes ORDER BY at")
    assert kept == [(102.0,), (100.0 + PROBES_KEPT + 2,)]
