"""Inclusion groups: of the entries of a group only one joins."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from roleplay.lorebooks.compiled import CompiledEntry


@dataclass(frozen=True, slots=True)
class Rules:
    """How a group is decided. `taken` are the groups that have an entry in the prompt already."""

    taken: frozenset[str]
    sticky: Callable[[CompiledEntry], bool]
    score: Callable[[CompiledEntry], int]
    scoring: bool
    roll: random.Random


Losers = dict[CompiledEntry, str]
"""Who lost, and to whom: a title, or the group where it was taken before."""


def losers(entries: Sequence[CompiledEntry], rules: Rules) -> Losers:
    """Those of the entries that must not join, in whatever group they lost."""
    lost: Losers = {}
    for group, members in _groups(entries).items():
        left = [each for each in members if each not in lost]
        _decide(group, left, rules, lost)
    return lost


def _groups(entries: Sequence[CompiledEntry]) -> dict[str, list[CompiledEntry]]:
    found: dict[str, list[CompiledEntry]] = {}
    for entry in entries:
        for group in entry.groups:
            found.setdefault(group, []).append(entry)
    return found


def _decide(group: str, members: list[CompiledEntry], rules: Rules, lost: Losers) -> None:
    sticky = [each for each in members if rules.sticky(each)]
    if sticky:
        lost |= {each: sticky[0].entry.title for each in members if each not in sticky}
        return
    members = _best(members, rules, lost)
    if group in rules.taken:
        lost |= dict.fromkeys(members, group)
    elif len(members) > 1:
        winner = _preferred(members) or _drawn(members, rules.roll)
        lost |= {each: winner.entry.title for each in members if each is not winner}


def _best(members: list[CompiledEntry], rules: Rules, lost: Losers) -> list[CompiledEntry]:
    """Those with the most keys found, and those that are not scored."""
    if not any(_scored(each, rules) for each in members):
        return members
    scores = {each: rules.score(each) for each in members}
    most = max(scores.values())
    first = next(each for each in members if scores[each] == most)
    weak = {each for each in members if scores[each] < most and _scored(each, rules)}
    lost |= dict.fromkeys(weak, first.entry.title)
    return [each for each in members if each not in weak]


def _scored(entry: CompiledEntry, rules: Rules) -> bool:
    own = entry.entry.group_scoring
    return rules.scoring if own is None else own


def _preferred(members: list[CompiledEntry]) -> CompiledEntry | None:
    """Of those that override, the one with the highest order."""
    found = [each for each in members if each.entry.group_override]
    return max(found, key=lambda each: each.entry.order, default=None)


def _drawn(members: list[CompiledEntry], roll: random.Random) -> CompiledEntry:
    weights = [max(each.entry.group_weight, 0) for each in members]
    if not any(weights):
        return members[0]
    return roll.choices(members, weights)[0]
