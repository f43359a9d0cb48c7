"""How things stand at this moment, read when Prometheus asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import __version__
from bot.status_reader import Lines
from bot.web.watched import Watched
from roleplay.health import Status

STATES: tuple[Status, ...] = ("unknown", "up", "starting", "down")


class Program(Protocol):
    """The rest of the program. `latency` is Discord's, in seconds, None while not connected."""

    def profiles(self) -> Iterable[str]: ...

    def turns(self) -> int: ...

    def latency(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    says: str
    labels: tuple[str, ...] = ("profile",)

    def new(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(self.name, self.says, labels=self.labels)


UP = _Family("roleforge_profile_up", "1 while a profile's server is well, else 0.")
STATE = _Family(
    "roleforge_profile_state", "1 for the state that a profile is in.", ("profile", "state")
)
PROBE = _Family("roleforge_probe_seconds", "How long a profile's last good probe took.")
CHECKED = _Family("roleforge_probe_timestamp_seconds", "When a profile was last observed.")
INCIDENT = _Family("roleforge_incident_open", "1 while an outage of a profile goes on.")
BREAKER = _Family("roleforge_breaker_open", "1 while messages skip a profile.")
RUNNING = _Family("roleforge_requests_running", "Requests of a profile that are being answered.")
WAITING = _Family("roleforge_requests_waiting", "Requests of a profile that wait in line.")


class Snapshot(Collector):
    def __init__(self, program: Program, watched: Watched, lines: Lines) -> None:
        self._program = program
        self._watched = watched
        self._lines = lines

    def collect(self) -> Iterable[GaugeMetricFamily]:
        profiles = list(self._program.profiles())
        yield from self._health(profiles)
        yield from self._traffic(profiles)
        yield from self._whole()

    def _health(self, profiles: list[str]) -> Iterable[GaugeMetricFamily]:
        up, state, probe = UP.new(), STATE.new(), PROBE.new()
        checked, incident = CHECKED.new(), INCIDENT.new()
        for name in profiles:
            found = self._watched.state(name)
            up.add_metric([name], float(found.status == "up"))
            for each in STATES:
                state.add_metric([name, each], float(found.status == each))
            if found.latency is not None:
                probe.add_metric([name], found.latency)
            checked.add_metric([name], found.checked_at)
            incident.add_metric([name], float(self._watched.incident(name) is not None))
        return up, state, probe, checked, incident

    def _traffic(self, profiles: list[str]) -> Iterable[GaugeMetricFamily]:
        breaker, running, waiting = BREAKER.new(), RUNNING.new(), WAITING.new()
        for name in profiles:
            queue = self._lines.queue(name)
            breaker.add_metric([name], float(self._lines.breaker(name).phase != "closed"))
            running.add_metric([name], queue.running)
            waiting.add_metric([name], queue.waiting)
        return breaker, running, waiting

    def _whole(self) -> Iterable[GaugeMetricFamily]:
        latency = self._program.latency()
        about = GaugeMetricFamily("roleforge_info", "The program's version.", labels=["version"])
        about.add_metric([__version__], 1.0)
        yield about
        yield GaugeMetricFamily(
            "roleforge_channels_busy",
            "Channels with a turn that runs or waits.",
            value=self._program.turns(),
        )
        yield GaugeMetricFamily(
            "roleforge_discord_connected",
            "1 while Discord's gateway is connected.",
            value=float(latency is not None),
        )
        if latency is not None:
            yield GaugeMetricFamily(
                "roleforge_discord_latency_seconds", "Of the gateway's heartbeat.", value=latency
            )
