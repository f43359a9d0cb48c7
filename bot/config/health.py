"""The section `health`: how profiles are watched, what is planned, and who is told."""

from collections.abc import Collection, Iterator
from datetime import datetime

from pydantic import Field, JsonValue, ValidationError

from backends.connectivity import split_target
from bot.config.findings import Finding
from bot.config.section import Seconds, Section
from roleplay.durations import NotADuration, read_duration
from roleplay.ladder import CompletionRule
from roleplay.maintenance import BadWindow, Window, check, zone_of
from roleplay.phrases import say
from roleplay.profiles import Secret

SHORTEST_REMINDER = 300.0


class CompletionSection(Section):
    """Checks that ask the model itself for a short answer. They cost tokens."""

    every: float = Field(
        default=0, ge=0, le=86400, description="Seconds between two of a profile. 0: never so."
    )
    on_suspicion: bool = Field(
        default=True,
        alias="onSuspicion",
        description="true: also when messages fail and the free questions say that all is well.",
    )
    tokens_per_day: int = Field(
        default=20_000, alias="tokensPerDay", ge=0, description="Of one profile, at most."
    )
    cost_per_day: float = Field(
        default=0.05,
        alias="costPerDay",
        ge=0,
        description="Of one profile with a price, at most, in the price's currency.",
    )

    @property
    def rule(self) -> CompletionRule:
        return CompletionRule(self.every, self.on_suspicion, self.tokens_per_day, self.cost_per_day)


class MaintenanceSection(Section):
    """One planned window: once, from `start`, or again and again, by `cron`."""

    profiles: tuple[str, ...] = Field(default=(), description="Empty: all of them.")
    cron: str = Field(default="", description="Minute hour day month weekday: 0 4 * * 0.")
    start: str = Field(default="", description="For one that happens once: 2027-01-31T04:00.")
    duration: str = Field(default="1h", description="30m, 2h, 1d.")
    zone: str = Field(default="UTC", description="Whose clock: Europe/Berlin.")
    reason: str = Field(default="", max_length=200, description="What for.")

    @property
    def window(self) -> Window:
        """The window that is described.

        Raises:
            BadWindow: none is.
            NotADuration: its length is none.
        """
        window = Window(
            profiles=self.profiles,
            start=0.0 if self.cron else start_of(self.start, self.zone),
            seconds=read_duration(self.duration),
            cron=self.cron,
            zone=self.zone,
            reason=self.reason,
        )
        check(window)
        return window


def start_of(text: str, zone: str) -> float:
    """A date and time on the clock of a zone, in seconds since 1970.

    Raises:
        BadWindow: it is none.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as exc:
        raise BadWindow(
            say("“{text}” is no date and time.", text=text[:40]),
            hint=say("Write it like 2027-01-31T04:00, or give a cron instead."),
        ) from exc
    return (at if at.tzinfo else at.replace(tzinfo=zone_of(zone))).timestamp()


class HealthSection(Section):
    """How profiles are watched."""

    enabled: bool = Field(default=True, description="false: no probes and no outage notices.")
    interval: Seconds = Field(default=60, description="Seconds between two probes of a profile.")
    confirm: Seconds = Field(
        default=20, description="The same while a profile is about to count as down, or as well."
    )
    jitter: float = Field(
        default=5, ge=0, le=86400, description="Seconds, so that probes do not march in step."
    )
    concurrency: int = Field(default=3, ge=1, le=64, description="Probes at the same time.")
    failure_threshold: int = Field(
        default=3,
        alias="failureThreshold",
        ge=1,
        le=100,
        description="Failures in a row that open an outage.",
    )
    success_threshold: int = Field(
        default=2,
        alias="successThreshold",
        ge=1,
        le=100,
        description="Successes in a row that close it.",
    )
    completion: CompletionSection = CompletionSection()
    connectivity: tuple[str, ...] = Field(
        default=(),
        description="host:port; one that answers proves that this machine is online.",
    )
    reminder: float = Field(
        default=21600,
        ge=0,
        le=7 * 86400,
        description="Seconds between two reminders of an outage, 300 at least. 0: none.",
    )
    owner_dm: bool = Field(
        default=False, alias="ownerDM", description="true: the bot's owners are told, too."
    )
    webhook: Secret = Field(default=None, description="An address to which notices are posted.")
    maintenance: tuple[MaintenanceSection, ...] = Field(
        default=(), description="When profiles are expected to be away."
    )

    @property
    def windows(self) -> tuple[Window, ...]:
        return tuple(each.window for each in self.maintenance)


def health_faults(health: JsonValue) -> Iterator[Finding]:
    """What types alone do not catch."""
    table = health if isinstance(health, dict) else {}
    yield from _targets(table.get("connectivity"))
    reminder = table.get("reminder")
    if isinstance(reminder, int | float) and 0 < reminder < SHORTEST_REMINDER:
        yield Finding(("health", "reminder"), say("Expected 0, or 300 seconds at least."))
    windows = table.get("maintenance")
    for index, window in enumerate(windows if isinstance(windows, list) else []):
        yield from _window(index, window)


def _targets(targets: JsonValue) -> Iterator[Finding]:
    for index, target in enumerate(targets if isinstance(targets, list) else []):
        try:
            split_target(target if isinstance(target, str) else "localhost:1")
        except ValueError:
            message = say("Expected a host and a port, as in {example}.", example="192.0.2.1:53")
            yield Finding(("health", "connectivity", index), message)


def _window(index: int, written: JsonValue) -> Iterator[Finding]:
    path = ("health", "maintenance", index)
    try:
        section = MaintenanceSection.model_validate(written)
    except ValidationError:
        return  # told with the types
    if section.cron and section.start:
        yield Finding((*path, "start"), say("Either start or cron, not both."))
    try:
        _ = section.window
    except (BadWindow, NotADuration) as exc:
        yield Finding(path, f"{exc} {exc.hint}".strip())


def health_warnings(health: HealthSection, profiles: Collection[str]) -> Iterator[Finding]:
    """What loads but will surprise; `profiles` are those of the file."""
    for index, window in enumerate(health.maintenance):
        for place, name in enumerate(window.profiles):
            if name not in profiles:
                message = say("This file has no profile of this name.")
                yield Finding(("health", "maintenance", index, "profiles", place), message)
