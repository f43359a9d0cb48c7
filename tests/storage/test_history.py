"""How well a profile was over time, as `/status` adds it up."""

from pathlib import Path

import pytest
from fakes.sqlite import look

from roleplay.health import HealthState, Outcome
from roleplay.history import Bucket, Traffic
from storage.open import FILE_NAME, Stores

DAY = 86400
NOW = 1000 * DAY + 12 * 3600.0
MAIN = HealthState("main")


async def observe(stores: Stores, at: float, *results: str) -> None:
    for result in results:
        await stores.health.save(MAIN, Outcome(at, result), None)  # pyright: ignore[reportArgumentType]


async def test_observations_count_in_each_window_that_holds_them(stores: Stores) -> None:
    await observe(stores, NOW - 20 * DAY, "failed", "failed")
    await observe(stores, NOW - 3 * DAY, "failed", "ok")
    await observe(stores, NOW - 5 * 3600, "ok", "ok")
    await observe(stores, NOW - 60, "ok", "starting")
    windows = (await stores.history.windows(NOW))["main"]
    assert {name: (one.ok, one.failed) for name, one in windows.items()} == {
        "1h": (1, 0),
        "24h": (3, 0),
        "7d": (4, 1),
        "30d": (4, 3),
    }
    assert windows["1h"].uptime == 1.0
    assert windows["30d"].uptime == pytest.approx(4 / 7)


async def test_a_profile_that_only_starts_has_no_uptime_yet(stores: Stores) -> None:
    await observe(stores, NOW, "starting")
    assert (await stores.history.windows(NOW))["main"]["1h"].uptime is None


async def test_requests_of_a_minute_become_means(stores: Stores) -> None:
    minute = int(NOW)
    await stores.history.add([Traffic("main", minute, 2, 1, 6.0, 2, 1.0)], NOW)
    await stores.history.add([Traffic("main", minute + 60, 1, 0, 3.0, 0, 0.0)], NOW)
    hour = (await stores.history.windows(NOW + 60))["main"]["1h"]
    assert (hour.answered, hour.unanswered) == (3, 1)
    assert hour.mean_total == 3.0
    assert hour.mean_first_token == 0.5


async def test_a_series_is_in_order_and_without_gaps_filled(stores: Stores) -> None:
    await observe(stores, NOW, "ok")
    await observe(stores, NOW - 7200, "failed")
    series = await stores.history.series("hour", NOW - DAY)
    assert series["main"] == [Bucket(int(NOW - 7200), failed=1), Bucket(int(NOW), ok=1)]


async def test_what_is_old_is_kept_as_days_alone(stores: Stores, tmp_path: Path) -> None:
    await observe(stores, NOW - 40 * DAY, "ok")
    await observe(stores, NOW - 2 * DAY, "ok")
    await stores.history.add([], NOW)
    spans = look(tmp_path / FILE_NAME, "SELECT span FROM health_history ORDER BY at, span")
    assert spans == [("day",), ("day",), ("hour",)]


async def test_a_forgotten_profile_leaves_nothing(stores: Stores) -> None:
    await observe(stores, NOW, "ok")
    await stores.health.forget("main")
    assert await stores.history.windows(NOW) == {}
