from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.maintenance import BadWindow, Window, check, planned_until

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


NIGHTLY = Window(cron="30 2 * * *", zone="Europe/Berlin", seconds=3600)

ROWS = [
    ("before it begins", "2026-01-10T02:29:59", 0, None),
    ("as it begins", "2026-01-10T02:30:00", 0, "2026-01-10T03:30:00"),
    ("in its last second", "2026-01-10T03:29:59", 0, "2026-01-10T03:30:00"),
    ("as it ends", "2026-01-10T03:30:00", 0, None),
    # 2026-03-29: two o'clock becomes three.
    ("it begins after the hour that is missing", "2026-03-29T03:00:00", 0, "2026-03-29T04:00:00"),
    ("and not before", "2026-03-29T01:59:59", 0, None),
    # 2026-10-25: three o'clock becomes two again.
    ("of an hour that comes twice it takes the first", "2026-10-25T02:30:00", 0, "02:30 fold"),
    ("and lasts an hour of real time", "2026-10-25T02:15:00", 1, "02:30 fold"),
    ("so the second one is free", "2026-10-25T02:30:00", 1, None),
]


@pytest.mark.parametrize(("case", "now", "fold", "until"), ROWS, ids=[row[0] for row in ROWS])
def test_a_nightly_window(case: str, now: str, fold: int, until: str | None) -> None:
    del case
    repeated = at("2026-10-25T02:30:00", fold=1)
    expected = repeated if until == "02:30 fold" else at(until) if until else None
    assert NIGHTLY.until(at(now, fold=fold)) == expected


def test_a_window_that_happens_once() -> None:
    once = Window(start=1000.0, seconds=600)
    assert [once.until(t) for t in (999.0, 1000.0, 1599.0, 1600.0)] == [None, 1600.0, 1600.0, None]
    assert (once.next_start(900.0), once.next_start(1000.0)) == (1000.0, None)
    assert (once.over(1599.0), once.over(1600.0)) == (False, True)


def test_windows_concern_their_profiles_or_all() -> None:
    mine, all_ = Window(profiles=("a",), start=0.0, seconds=60), Window(start=100.0, seconds=60)
    assert planned_until([mine, all_], "a", 30.0) == 60.0
    assert planned_until([mine, all_], "b", 30.0) is None
    assert planned_until([mine, all_], "b", 130.0) == 160.0


def test_windows_that_touch_count_as_one() -> None:
    chain = [Window(start=start, seconds=60) for start in (0.0, 60.0, 100.0)]
    assert planned_until(chain, "a", 5.0) == 160.0


def test_a_window_that_always_begins_again_is_not_followed_for_ever() -> None:
    always = Window(cron="* * * * *", seconds=120)
    until = planned_until([always], "a", at("2026-01-10T12:00:00"))
    assert until is not None


BAD = [
    (Window(seconds=59), "one minute"),
    (Window(seconds=8 * 86400.0), "seven days"),
    (Window(cron="0 4 * *"), "no schedule"),
    (Window(cron="61 4 * * *"), "no schedule"),
    (Window(cron="0 4 30 2 *"), "no schedule"),
    (Window(cron="0 4 * * * *"), "no schedule"),
    (Window(cron="0 4 * * *", zone="Europe/Atlantis"), "no time zone"),
    (Window(cron="0 4 * * *", zone="../etc/passwd"), "no time zone"),
    (Window(cron="0 4 * * *", zone=""), "no time zone"),
]


@pytest.mark.parametrize(("window", "text"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_is_refused_with_a_hint(window: Window, text: str) -> None:
    with pytest.raises(BadWindow, match=text) as refused:
        check(window)
    assert refused.value.hint


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    minutes=st.integers(1, 40 * 60),
    now=st.floats(1_700_000_000, 1_800_000_000),
)
def test_a_daily_window_is_what_the_wall_clock_says(
    zone: str, hour: int, minute: int, minutes: int, now: float
) -> None:
    window = Window(cron=f"{minute} {hour} * * *", zone=zone, seconds=60.0 * minutes)
    today = datetime.fromtimestamp(now, ZoneInfo(zone)).date()
    days = [today + timedelta(days=n) for n in range(-3, 2)]
    starts = [start for day in days if (start := _start(day, hour, minute, zone)) is not None]
    begun = [start for start in starts if start <= now]
    last = max(begun) if begun else None
    inside = last is not None and now < last + window.seconds
    assert window.until(now) == (last + window.seconds if last is not None and inside else None)
    following = window.next_start(now)
    assert following is not None
    assert following == min(start for start in starts if start > now)


def _start(day: date, hour: int, minute: int, zone: str) -> float | None:
    """The first moment of that day whose wall clock shows this time, or a later one."""
    tz = ZoneInfo(zone)
    wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=tz)
    for later in range(24 * 60):
        shown = wanted.replace(tzinfo=None) + timedelta(minutes=later)
        real = shown.replace(tzinfo=tz)
        if real.astimezone(UTC).astimezone(tz).replace(tzinfo=None) == shown:
            return real.timestamp()
    return None
