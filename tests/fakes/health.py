"""Doubles for the watch over profiles: scripted servers, a memory for states, a listening ear."""

import asyncio
from collections import deque
from dataclasses import replace

from roleplay.errors import StorageError
from roleplay.health import HealthState, Incident, Notice, Outcome, Transition
from roleplay.ports import ProbeResult, ProbeState


class ScriptedProber:
    """Answers each profile's probes from a queue; the last answer repeats. An error is raised."""

    def __init__(self, **scripts: list[ProbeState | Exception]) -> None:
        self.scripts = {profile: deque(script) for profile, script in scripts.items()}
        self.at_once = 0
        self.most_at_once = 0
        self.probed: list[str] = []

    async def probe(self, profile: str) -> ProbeResult:
        self.probed.append(profile)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        script = self.scripts[profile]
        found = script.popleft() if len(script) > 1 else script[0]
        if isinstance(found, Exception):
            raise found
        if found == "down":
            return ProbeResult(profile, "down", 0.1, "unreachable", "refused", "Start the server.")
        return ProbeResult(profile, found, 0.1)


class MemoryHealthStore:
    """A `HealthStore` in a few dicts. `broken` makes every write raise."""

    def __init__(self) -> None:
        self.broken = False
        self.saved: list[Outcome] = []
        self._states: dict[str, HealthState] = {}
        self._incidents: dict[int, Incident] = {}
        self._notices: dict[tuple[int, int], Notice] = {}

    async def states(self) -> dict[str, HealthState]:
        return dict(self._states)

    async def save(
        self, state: HealthState, outcome: Outcome, transition: Transition | None
    ) -> Incident | None:
        if self.broken:
            raise StorageError("the disk is full")
        self.saved.append(outcome)
        self._states[state.profile] = state
        if transition == "opened":
            return self._open(state, outcome)
        going = next((i for i in await self.open_incidents() if i.profile == state.profile), None)
        if going is None:
            return None
        if transition == "closed":
            going = replace(going, closed_at=outcome.at)
        elif outcome.result == "failed":
            going = _worse(going, state)
        self._incidents[going.id] = going
        return going if transition else None

    def _open(self, state: HealthState, outcome: Outcome) -> Incident:
        new = Incident(len(self._incidents) + 1, state.profile, outcome.at, "", "", "")
        self._incidents[new.id] = _worse(new, state)
        return self._incidents[new.id]

    async def open_incidents(self) -> list[Incident]:
        return [incident for incident in self._incidents.values() if incident.closed_at is None]

    async def incidents(self, profile: str | None = None, limit: int = 20) -> list[Incident]:
        found = [i for i in self._incidents.values() if profile in (None, i.profile)]
        return found[::-1][:limit]

    async def incident(self, incident_id: int) -> Incident | None:
        return self._incidents.get(incident_id)

    async def notices(self, incident_id: int) -> list[Notice]:
        return [n for n in self._notices.values() if n.incident_id == incident_id]

    async def save_notice(self, notice: Notice) -> None:
        self._notices[notice.incident_id, notice.guild_id] = notice

    async def untold(self) -> list[Incident]:
        still = {n.incident_id for n in self._notices.values() if n.told == "open"}
        return [i for i in self._incidents.values() if i.closed_at and i.id in still]

    async def forget(self, profile: str) -> None:
        self._states.pop(profile, None)
        for incident in await self.open_incidents():
            if incident.profile == profile:
                self._incidents[incident.id] = replace(incident, closed_at=incident.opened_at)


def _worse(incident: Incident, state: HealthState) -> Incident:
    return replace(
        incident,
        code=state.code,
        detail=state.detail,
        hint=state.hint,
        failures=state.failures,
    )


class Ear:
    """A `Notifier` that keeps what it is told, as "opened 1"."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def opened(self, incident: Incident) -> None:
        self.heard.append(f"opened {incident.profile} {incident.code}")

    async def changed(self, incident: Incident) -> None:
        self.heard.append(f"changed {incident.profile} {incident.code}")

    async def closed(self, incident: Incident) -> None:
        self.heard.append(f"closed {incident.profile}")
