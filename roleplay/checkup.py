"""What a check-up finds, one check at a time."""

from dataclasses import dataclass
from typing import Literal

from roleplay.errors import RoleForgeError

Outcome = Literal["ok", "warning", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is stable, for scripts. `hint` says what to do, where there is something to do."""

    name: str
    outcome: Outcome
    detail: str
    hint: str = ""
    seconds: float = 0.0


def failed(name: str, error: RoleForgeError, seconds: float = 0.0) -> Check:
    return Check(name, "error", str(error), error.hint, seconds)


def skipped(name: str, why: str) -> Check:
    return Check(name, "skipped", why)
