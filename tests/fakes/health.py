"""Doubles for the watch over profiles: scripted servers, a database that fails, an ear."""

import asyncio
from collections import deque

from roleplay.errors import StorageError
from roleplay.health import HealthState, Incident, Outcome, Transition
from roleplay.ports import ProbeResult, ProbeState
from storage.database import Database
from storage.health import SqlHealth


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


class BreakableHealth(SqlHealth):
    """The real store, until `broken` makes every outcome fail to be stored."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.broken = False
        self.saved: list[Outcome] = []

    async def save(
        self, state: HealthState, outcome: Outcome, transition: Transition | None
    ) -> Incident | None:
        if self.broken:
            raise StorageError("the disk is full")
        self.saved.append(outcome)
        return await super().save(state, outcome, transition)


class Ear:
    """A `Notifier` that keeps what it is told, as "opened main timeout"."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def opened(self, incident: Incident) -> None:
        self.heard.append(f"opened {incident.profile} {incident.code}")

    async def changed(self, incident: Incident) -> None:
        self.heard.append(f"changed {incident.profile} {incident.code}")

    async def closed(self, incident: Incident) -> None:
        self.heard.append(f"closed {incident.profile}")
