import discord

from bot.status_text import Row, status
from roleplay.health import HealthState

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
    return status(rows, details=details).description or ""


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
    def colour(*rows: Row) -> discord.Colour | None:
        return status(rows, details=False).colour

    assert colour(UP, DOWN) == discord.Colour(15158332)
    assert colour(UP) == discord.Colour(3066993)
    assert colour(UP, Row(HealthState("new"))) not in (colour(UP), colour(DOWN))


def test_a_hundred_profiles_fit_and_the_rest_is_counted() -> None:
    shown = text(*[DOWN] * 100)
    assert len(shown) <= 4096
    assert shown.endswith(f"… and {100 - shown.count('🔴')} more")
