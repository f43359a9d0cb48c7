"""The findings, as text for people and as JSON for programs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from bot.redaction import redact
from bot.terminal import Exit, plain
from roleplay.checkup import Check, Outcome
from roleplay.phrases import say

SIGNS: dict[Outcome, str] = {"ok": "✓", "warning": "!", "error": "✗", "skipped": "-"}

SHOWN_FROM = 0.01
"""Seconds below which a time says nothing."""


@dataclass(frozen=True, slots=True)
class Section:
    """`kind` is "machine", "discord" or "profile"; `name` that of a profile."""

    kind: str
    name: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`secrets` are taken out of everything that is shown."""

    sections: tuple[Section, ...]
    secrets: frozenset[str] = frozenset()

    @property
    def outcome(self) -> Outcome:
        """The worst of all."""
        found = {check.outcome for section in self.sections for check in section.checks}
        if "error" in found:
            return "error"
        return "warning" if "warning" in found else "ok"

    @property
    def exit_code(self) -> Exit:
        codes: dict[Outcome, Exit] = {"error": Exit.ERRORS, "warning": Exit.WARNINGS}
        return codes.get(self.outcome, Exit.OK)

    def as_json(self) -> dict[str, Any]:
        of = {kind: self._of(kind) for kind in ("machine", "discord", "profile")}
        return {
            "ok": self.outcome == "ok",
            "outcome": self.outcome,
            "machine": [check for section in of["machine"] for check in section["checks"]],
            "discord": [check for section in of["discord"] for check in section["checks"]],
            "profiles": [
                {"profile": one["name"], "checks": one["checks"]} for one in of["profile"]
            ],
        }

    def lines(self) -> Iterator[str]:
        for section in self.sections:
            yield _title(section)
            for same in _together(section.checks):
                yield from self._lines_of(same)
            yield ""
        yield self._sum()

    def _lines_of(self, same: Sequence[Check]) -> Iterator[str]:
        check, names = same[0], ", ".join(each.name for each in same)
        took = f" ({check.seconds:.2f} s)" if check.seconds >= SHOWN_FROM else ""
        yield f"  {SIGNS[check.outcome]} {names}{took}: {self._shown(check.detail)}"
        for line in self._shown(check.hint).splitlines():
            yield f"      {line}"

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [
            {"name": section.name, "checks": list(map(self._check_json, section.checks))}
            for section in self.sections
            if section.kind == kind
        ]

    def _check_json(self, check: Check) -> dict[str, Any]:
        texts = {"detail": self._shown(check.detail), "hint": self._shown(check.hint)}
        return asdict(check) | texts | {"seconds": round(check.seconds, 3)}

    def _shown(self, text: str) -> str:
        return redact(plain(text), self.secrets)

    def _sum(self) -> str:
        outcomes = [check.outcome for section in self.sections for check in section.checks]
        return say(
            "{ok} ok, {warnings} to look at, {errors} wrong, {skipped} not tried.",
            ok=outcomes.count("ok"),
            warnings=outcomes.count("warning"),
            errors=outcomes.count("error"),
            skipped=outcomes.count("skipped"),
        )


def _together(checks: Iterable[Check]) -> Iterator[list[Check]]:
    """Checks that were skipped for one reason share a line."""
    for _, same in groupby(checks, key=lambda each: (each.outcome, each.detail)):
        several = list(same)
        if several[0].outcome == "skipped":
            yield several
        else:
            yield from ([each] for each in several)


def _title(section: Section) -> str:
    titles = {"machine": say("This machine"), "discord": "Discord"}
    return titles.get(section.kind) or say("Profile {name}", name=section.name)
