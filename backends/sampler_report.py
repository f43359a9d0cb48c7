"""Tells the admin what becomes of each sampler key that a profile sets."""

from dataclasses import dataclass
from typing import Any

from backends.dialects import AUTO, dialect_for, settled
from backends.sampling import Rule, Sampling, chosen
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler


@dataclass(frozen=True, slots=True)
class Row:
    """One key by its name in the config, its value there, and what becomes of it."""

    key: str
    value: Any
    fate: str


def sampler_report(
    profile: ConnectionProfile, refused: frozenset[str] = frozenset()
) -> tuple[Row, ...]:
    """A row for each key that is set, in the config's order.

    `refused` are wire names that the server has refused so far.
    """
    if profile.type == AUTO:
        unknown = say("decided by the server that is found")
        return tuple(
            Row(_alias(key), value, unknown) for key, value in chosen(profile.sampler).items()
        )
    profile = settled(profile)
    return rows_of(dialect_for(profile).sampling(profile), profile.sampler, refused)


def rows_of(sampling: Sampling, sampler: Sampler, refused: frozenset[str]) -> tuple[Row, ...]:
    """The same by a table."""
    return tuple(
        Row(_alias(key), value, _fate(key, value, sampling, refused))
        for key, value in chosen(sampler).items()
    )


def _alias(key: str) -> str:
    return Sampler.model_fields[key].alias or key


def _fate(key: str, value: Any, sampling: Sampling, refused: frozenset[str]) -> str:
    rule = sampling.rules[key]
    if not rule.name:
        return say("dropped: {why}", why=say(rule.why))
    if rule.name in refused:
        return say("dropped: the server refused it")
    if rule.value(value) is None:
        return say("dropped: it is off without it, and this value would be refused")
    remarks = [*_stops(key, value, sampling), *([say(rule.why)] if rule.why else [])]
    note = f" ({'; '.join(remarks)})" if remarks else ""
    return _sent(_alias(key), value, rule) + note


def _sent(alias: str, value: Any, rule: Rule) -> str:
    written = rule.value(value)
    if isinstance(value, int | float) and isinstance(written, int | float) and written != value:
        return say("sent as {name} = {value}", name=rule.name, value=f"{written:g}")
    return say("sent") if rule.name == alias else say("sent as {name}", name=rule.name)


def _stops(key: str, value: Any, sampling: Sampling) -> list[str]:
    most = sampling.most_stops
    if key != "stop" or most is None or len(value) <= most:
        return []
    return [say("{most} of them; all are obeyed here", most=most)]
