"""The program as a process of its own, and its verbs within the test's process."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


Roleforge = Callable[..., Ended]
"""Called with the words of the command line, and variables of the environment by keyword."""


def roleforge(*words: str, cwd: Path, **environ: str) -> Ended:
    """`python -m bot` until it ends."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=50,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What Python itself needs of the test's environment, and the given variables."""
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "HOME") if key in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environ}
