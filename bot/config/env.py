"""Where variables come from: the environment, a `.env` beside the config, a secret's file.

Where NAME is not set, NAME_FILE may name a file that holds the value: Docker and systemd hand
secrets over so.
"""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import parse_stream

from roleplay.errors import Problem
from roleplay.phrases import say

MOST_BYTES = 64 * 1024
"""A secret's file or a `.env` larger than this is something else."""


def process_environment() -> dict[str, str]:
    """A copy of the process's environment; nothing else reads it."""
    return dict(os.environ)


def config_path(option: str | None, environ: Mapping[str, str]) -> Path:
    """The file that `--config` names, else the variable ROLEFORGE_CONFIG, else config.json here."""
    return Path(option or environ.get("ROLEFORGE_CONFIG") or "config.json")


class NoValue(Exception):
    """A variable has no usable value; the text says which and why."""


class Unset(NoValue):
    """It is not set, or empty: a default may stand in."""


@dataclass
class Variables:
    """Looks names up: the environment first, then `.env`. Remembers which files it read."""

    environ: Mapping[str, str]
    folder: Path
    files: list[Path] = field(default_factory=list[Path])
    problems: list[Problem] = field(default_factory=list[Problem])
    dotenv: dict[str, str] = field(default_factory=dict[str, str])

    def read_dotenv(self) -> None:
        """Read `.env` if there is one; lines that cannot be read become problems."""
        path = self.folder / ".env"
        if not path.exists():
            return
        try:
            text = _read(path)
        except (OSError, ValueError) as exc:
            self.problems.append(Problem(str(path), 0, 0, "", _reason(exc)))
            return
        self.files.append(path)
        for binding in parse_stream(io.StringIO(text)):
            if binding.error:
                message = say("This line is not read: expected NAME=value.")
                self.problems.append(Problem(str(path), binding.original.line, 1, "", message))
            elif binding.key and binding.value is not None:
                self.dotenv[binding.key] = binding.value

    def value(self, name: str) -> str:
        """The variable's value, never empty.

        Raises:
            Unset: it is unset or empty.
            NoValue: it is not text, or its file cannot be read.
        """
        for values in (self.environ, self.dotenv):
            if values.get(name):
                return _printable(name, values[name])
            if values.get(f"{name}_FILE"):
                return self._from_file(name, values[f"{name}_FILE"])
        if name in self.environ or name in self.dotenv:
            raise Unset(say("The environment variable {name} is set but empty.", name=name))
        raise Unset(
            say(
                "The environment variable {name} is not set. "
                "Set it, or write it into {dotenv}, or name a file that holds it in {name}_FILE.",
                name=name,
                dotenv=self.folder / ".env",
            )
        )

    def _from_file(self, name: str, file: str) -> str:
        path = self.folder / file
        try:
            value = _read(path).strip()
        except (OSError, ValueError) as exc:
            text = say("{name}_FILE names {path}: {why}", name=name, path=path, why=_reason(exc))
            raise NoValue(text) from exc
        if not value:
            raise NoValue(say("{name}_FILE names {path}: It is empty.", name=name, path=path))
        self.files.append(path)
        return value


def _printable(name: str, value: str) -> str:
    """Bytes that are not UTF-8 reach Python as lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        raise NoValue(say("The environment variable {name} is not UTF-8 text.", name=name)) from exc
    return value


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(say("It is larger than {most} KiB.", most=MOST_BYTES >> 10))
    return data.decode("utf-8-sig")


def _reason(exc: OSError | ValueError) -> str:
    match exc:
        case FileNotFoundError():
            return say("There is no such file.")
        case UnicodeDecodeError():
            return say("It is not UTF-8 text.")
        case OSError():
            return say("It cannot be read ({why}).", why=exc.strerror or type(exc).__name__)
        case _:
            return str(exc)
