"""What the endpoints read of the health watch."""

from typing import Protocol

from roleplay.health import HealthState, Incident


class Watched(Protocol):
    """What `roleplay.monitor.Monitor` knows of each profile."""

    def state(self, profile: str) -> HealthState: ...

    def incident(self, profile: str) -> Incident | None: ...
