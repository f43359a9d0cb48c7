from bot.status_text import Row, colour, profiles
from roleplay.health import HealthState
from roleplay.history import Bucket

UP = Row(HealthState("cloud", "up", since=1000.0, latency=0.0451))
DOWN = Row(
    HealthState(
        "local",
        "down",
        since=2000.0,
        failures=4,
        code="unreachable",
        detail="[Errno 111] refused",
        hint="Start the server.",
    ),
    "open",
    40.2,
)


def text(*rows: Row, details: bool = True) -> str:
    return profiles(rows, details=details, room=3000)


def test_a_profile_is_a_line_with_its_latency_and_since_when() -> None:
    assert text(UP) == "🟢 `cloud` is up · since <t:1000:R> · 45 ms"


def test_a_manager_reads_the_cause_and_what_helps() -> None:
    assert text(DOWN).splitlines() == [
        "🔴 `local` is down · since <t:2000:R>",
        "Nothing answers at its address.",
        "`[Errno 111] refused`",
        "Start the server.",
        "Messages skip it for 40 s.",
    ]


def test_an_entry_of_several_lines_is_set_off_from_the_next() -> None:
    assert "Messages skip it for 40 s.\n\n🟢 `cloud` is up" in text(DOWN, UP)
    assert "\n\n" not in text(DOWN, UP, details=False)


def test_a_player_reads_only_that_it_is_down() -> None:
    assert text(DOWN, details=False) == "🔴 `local` is down · since <t:2000:R>"


def test_what_was_never_checked_and_what_loads_are_neither_up_nor_down() -> None:
    new = Row(HealthState("new"))
    loading = Row(HealthState("big", "starting", since=5.0, code="loading"), "half-open")
    assert text(new, loading).splitlines() == [
        "⚪ `new` was not checked yet",
        "🟡 `big` is starting · since <t:5:R>",
        "Messages skip it; the next one tries it.",
    ]


def test_a_locked_breaker_says_what_opens_it() -> None:
    locked = Row(UP.state, "open", None)
    assert "until a check succeeds" in text(locked)


def test_the_colour_is_that_of_the_worst() -> None:
    assert colour([UP, DOWN]) == 15158332
    assert colour([UP]) == 3066993
    assert colour([UP, Row(HealthState("new"))]) not in (colour([UP]), colour([DOWN]))


def test_a_hundred_profiles_fit_and_the_rest_is_counted() -> None:
    shown = text(*[DOWN] * 100)
    assert len(shown) <= 3000
    assert shown.endswith(f"… and {100 - shown.count('🔴')} more")


def test_uptimes_are_never_rounded_up_to_whole() -> None:
    month = Bucket(0, ok=9999, failed=1)
    hour = Bucket(0, ok=60)
    shown = text(Row(UP.state, windows={"1h": hour, "30d": month, "7d": Bucket(0)}))
    assert shown.splitlines()[1] == "-# up 1h 100 % · 30d 99.9 %"


def test_the_times_of_real_messages_are_shown() -> None:
    day = Bucket(0, ok=1, answered=2, total=6.0, first_tokens=2, first_token=0.84)
    shown = text(Row(UP.state, windows={"24h": day}))
    assert shown.splitlines()[2] == "-# first word 420 ms, whole reply 3.0 s"


def test_what_is_planned_unstable_and_how_far_a_check_came() -> None:
    state = HealthState("a", "down", host=True, model=False, refused_at=9.0, answered_at=5.0)
    row = Row(state, planned=1000.0, checks=8)
    text = profiles([row], details=True, room=4000)
    assert "🔧 planned maintenance until <t:1000:t>" in text
    assert "-# host answers · model is not listed · messages fail" in text
    assert "it counts as well after 8 good checks" in text
    assert "Unstable" not in profiles([row], details=False, room=4000)
