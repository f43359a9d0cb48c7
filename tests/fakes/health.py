"""Doubles for the watch over profiles: scripted servers, a database that fails, an ear."""

import asyncio
from collections import deque

from roleplay.errors import StorageError
from roleplay.health import HealthState, Outcome, Transition
from roleplay.incidents import Incident
from roleplay.ladder import Completion, Spend
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
        self, state: HealthState, outcome: Outcome, transition: Transition | None, host: str = ""
    ) -> Incident | None:
        if self.broken:
            raise StorageError("the disk is full")
        self.saved.append(outcome)
        return await super().save(state, outcome, transition, host)


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


class Line:
    """A `Connection` that is up or down as the test says."""

    def __init__(self) -> None:
        self.up = True
        self.asked = 0

    async def online(self) -> bool:
        self.asked += 1
        return self.up


class ScriptedCompleter:
    """A `Completer`: answers as told, and says what each answer may cost and did."""

    def __init__(self, *answers: ProbeState) -> None:
        self.answers = deque[ProbeState](answers or ["up"])
        self.asked: list[str] = []
        self.is_busy = False
        self.used: tuple[int, int] | None = None

    def most(self, profile: str) -> Spend:
        del profile
        return Spend(1, 100, 0.01)

    def busy(self, profile: str) -> bool:
        del profile
        return self.is_busy

    async def complete(self, profile: str) -> Completion:
        self.asked.append(profile)
        state = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        code = "server_failed" if state == "down" else ""
        found = ProbeResult(profile, state, 0.5, code, code, host=True, answered=True)
        return Completion(found, *(self.used or (None, None)))
