"""How `/status` reads. Pure: values in, text out. Made for a phone: a few short lines a profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.causes import cause, plain, quote
from bot.notice_text import GREEN, GREY, RED, duration
from roleplay.health import HealthState, Status
from roleplay.history import WINDOWS, Bucket, Window
from roleplay.phrases import say


@dataclass(frozen=True, slots=True)
class Row:
    """One profile. `resting`: seconds its breaker lets no request pass; None: until it is well.

    `running` and `waiting` are requests; `cautions` what its admin should know. `windows` are its
    sums over time, `day` a line that draws its last 24 hours. `planned` is until when it may be
    away, `checks` the successes in a row that an unstable profile needs, 0: it is not.
    """

    state: HealthState
    breaker: Literal["closed", "open", "half-open"] = "closed"
    resting: float | None = 0.0
    running: int = 0
    waiting: int = 0
    cautions: Sequence[str] = ()
    windows: Mapping[Window, Bucket] = field(default_factory=dict[Window, Bucket])
    day: str = ""
    planned: float | None = None
    checks: int = 0


def profiles(rows: Sequence[Row], *, details: bool, room: int) -> str:
    """What is known of each profile, in at most `room` characters.

    `details` are for managers: causes, hints, breakers.
    """
    entries = [_entry(row, details=details) for row in rows]
    return _fitting(entries or [say("No profile is in use here.")], room)


def _entry(row: Row, *, details: bool) -> str:
    """An entry of several lines is set off from the next one."""
    state = row.state
    lines = [_headline(state), _planned(row), *_history(row)]
    if details:
        lines += [_rungs(state), _unstable(row)]
        if state.code and (state.failures or state.status == "down"):
            lines += [cause(state.code), quote(state.detail), plain(state.hint)]
        lines += [_breaker(row), _queue(row)]
        lines += [f"⚠️ {plain(caution)}" for caution in row.cautions]
    said = [line for line in lines if line]
    return "\n".join([*said, ""] if details and len(said) > 1 else said)


def _headline(state: HealthState) -> str:
    signs: dict[Status, str] = {"up": "🟢", "starting": "🟡", "down": "🔴", "unknown": "⚪"}
    parts = [say("{sign} `{profile}` {word}", sign=signs[state.status], **_named(state))]
    if state.status != "unknown":
        parts.append(say("since <t:{at}:R>", at=int(state.since)))
    if state.status == "up" and state.latency is not None:
        parts.append(_latency(state.latency))
    return " · ".join(parts)


def _planned(row: Row) -> str:
    if row.planned is None:
        return ""
    return say("🔧 planned maintenance until <t:{at}:t>", at=int(row.planned))


def _unstable(row: Row) -> str:
    if not row.checks:
        return ""
    return say("Unstable: it counts as well after {checks} good checks.", checks=row.checks)


def _rungs(state: HealthState) -> str:
    """How far up the last check came, where that is more than up or down."""
    if state.host is None:
        return ""
    parts = [say("host answers") if state.host else say("host does not answer")]
    if state.model is not None:
        parts.append(say("model is listed") if state.model else say("model is not listed"))
    if state.refused_at > state.answered_at:
        parts.append(say("messages fail"))
    elif state.answered_at:
        parts.append(say("last answered <t:{at}:R>", at=int(state.answered_at)))
    return "-# " + " · ".join(parts)


def _history(row: Row) -> list[str]:
    uptimes = [
        say("{window} {uptime}", window=window, uptime=percent(one.uptime))
        for window in WINDOWS
        if (one := row.windows.get(window)) and one.uptime is not None
    ]
    lines = [say("-# up {windows}", windows=" · ".join(uptimes))] if uptimes else []
    day = row.windows.get("24h")
    if day and day.mean_total is not None:
        times = say("whole reply {total}", total=_latency(day.mean_total))
        if day.mean_first_token is not None:
            first = _latency(day.mean_first_token)
            times = say("first word {first}, {whole}", first=first, whole=times)
        lines.append(f"-# {times}")
    return [*lines, row.day]


def percent(part: float) -> str:
    """Never rounded up to 100: one failure in a month is seen."""
    return "100 %" if part >= 1 else f"{int(part * 1000) / 10:g} %"


def _named(state: HealthState) -> dict[str, str]:
    words: dict[Status, str] = {
        "up": say("is up"),
        "starting": say("is starting"),
        "down": say("is down"),
        "unknown": say("was not checked yet"),
    }
    return {"profile": state.profile, "word": words[state.status]}


def _latency(seconds: float) -> str:
    if seconds >= 10:
        return say("{seconds} s", seconds=round(seconds))
    if seconds >= 1:
        return say("{seconds} s", seconds=f"{seconds:.1f}")
    return say("{ms} ms", ms=max(round(seconds * 1000), 1))


def _breaker(row: Row) -> str:
    if row.breaker == "closed":
        return ""
    if row.breaker == "half-open":
        return say("Messages skip it; the next one tries it.")
    if row.resting is None:
        return say("Messages skip it until a check succeeds.")
    return say("Messages skip it for {duration}.", duration=duration(max(row.resting, 1)))


def _queue(row: Row) -> str:
    if row.waiting:
        return say(
            "{running} being answered, {waiting} waiting in line.",
            running=row.running,
            waiting=row.waiting,
        )
    return say("{running} being answered.", running=row.running) if row.running else ""


def colour(rows: Sequence[Row]) -> int:
    found = {row.state.status for row in rows}
    if "down" in found:
        return RED
    return GREEN if found == {"up"} else GREY


def _fitting(entries: list[str], room: int) -> str:
    """As many whole entries as fit, and how many do not."""
    for shown in range(len(entries), -1, -1):
        rest = len(entries) - shown
        more = [say("… and {count} more", count=rest)] if rest else []
        text = "\n".join([*entries[:shown], *more])
        if len(text) <= room:
            return text.rstrip()
    return ""
