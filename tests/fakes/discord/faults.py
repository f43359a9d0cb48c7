"""What may go wrong with one REST request, scripted by route."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SEND = "POST /channels/{channel}/messages"
EDIT = "PATCH /channels/{channel}/messages/{message}"
EXECUTE = "POST /webhooks/{webhook}/{token}"
TYPING = "POST /channels/{channel}/typing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One request's misfortune.

    `stored`: the request takes effect first. `status` None: the connection is reset, 0: the real
    answer is given after all (late). `gate` holds the request until it is set.
    """

    status: int | None = 0
    stored: bool = False
    body: Json | str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0
    gate: asyncio.Event | None = None


def too_many(retry_after: float, *, everywhere: bool = False) -> Fault:
    """429 as Discord sends it; `everywhere` is the global limit."""
    headers = {
        "Via": "1.1 google",
        "Retry-After": str(retry_after),
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    body = {
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": everywhere,
    }
    return Fault(429, body=body, headers=headers)


def banned() -> Fault:
    """429 as Cloudflare sends it to an address that made too many invalid requests."""
    return Fault(429, body="<html>error code: 1015</html>", headers={"Retry-After": "600"})


def failing(status: int, *, stored: bool = False, code: int = 0) -> Fault:
    """500, 502, 503 or any other; `code` is Discord's own."""
    return Fault(status, stored=stored, body={"message": f"{status}: made up", "code": code})


def reset(*, stored: bool = False) -> Fault:
    """The connection is torn down in place of an answer."""
    return Fault(None, stored=stored)


def slow(seconds: float) -> Fault:
    return Fault(seconds=seconds)


def held(gate: asyncio.Event) -> Fault:
    """Answered only once the test sets `gate`."""
    return Fault(gate=gate)


class Faults:
    """A queue of faults for each route; a route is written as `SEND` is."""

    def __init__(self) -> None:
        self._scripts: dict[str, deque[Fault | None]] = {}

    def script(self, route: str, *faults: Fault | None) -> None:
        """The next requests on `route` meet these, one each; None lets one pass."""
        self._scripts.setdefault(route, deque()).extend(faults)

    def take(self, route: str) -> Fault | None:
        script = self._scripts.get(route)
        return script.popleft() if script else None

    @property
    def left(self) -> int:
        """Faults nobody has met yet."""
        return sum(len(script) for script in self._scripts.values())
