"""World info, a row for each rule: what stands in the book, what was said, and what fires."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from fakes.lore import book, entry, scanned, uids

from roleplay.lorebooks.book import CharacterFilter, Logic, LoreEntry, Position, Source
from roleplay.lorebooks.result import WhyNot
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.surroundings import Line, Surroundings


@dataclass(frozen=True)
class Rule:
    """`fires` are the ids in the order of the prompt, `skips` those that nearly fired, and why."""

    entries: list[LoreEntry]
    said: list[str] = field(default_factory=list[str])
    fires: list[int] = field(default_factory=list[int])
    skips: dict[int, WhyNot] = field(default_factory=dict[int, WhyNot])
    settings: LoreSettings = field(default_factory=LoreSettings)
    around: Surroundings = field(default_factory=Surroundings)
    window: int = 4000


def speaking(*said: str, **more: Any) -> Surroundings:
    return Surroundings(lines=[Line(text, "Mira") for text in reversed(said)], **more)


ANY, NOT_ALL, NOT_ANY, ALL = Logic.AND_ANY, Logic.NOT_ALL, Logic.NOT_ANY, Logic.AND_ALL
SECOND = ("fire", "cave")

KEYS = {
    "a key in the last message": Rule([entry(1, "dragon")], ["A dragon!"], [1]),
    "no key": Rule([entry(1, "dragon")], ["A cat."]),
    "one of several keys": Rule([entry(1, "wyrm", "dragon")], ["A dragon!"], [1]),
    "an entry without keys": Rule([entry(1)], ["A dragon!"]),
    "the scan depth is 2 messages": Rule([entry(1, "dragon")], ["dragon", "b", "c"]),
    "the second message is looked at": Rule([entry(1, "dragon")], ["dragon", "b"], [1]),
    "an entry's own scan depth": Rule(
        [entry(1, "dragon", scan_depth=3)], ["dragon", "b", "c"], [1]
    ),
    "scan depth 0 sees no message": Rule([entry(1, "dragon", scan_depth=0)], ["dragon"]),
    "scan depth 0 sees the author's note": Rule(
        [entry(1, "dragon", scan_depth=0)],
        fires=[1],
        around=Surroundings(injected=["A dragon sleeps."]),
    ),
    "the case does not count": Rule([entry(1, "DRAGON")], ["a Dragon"], [1]),
    "the case counts by the entry": Rule([entry(1, "Rose", case_sensitive=True)], ["a rose"]),
    "the case counts by the settings": Rule(
        [entry(1, "Rose"), entry(2, "rose"), entry(3, "Rose", case_sensitive=False)],
        ["a rose"],
        [3, 2],
        settings=LoreSettings(case_sensitive=True),
    ),
    "whole words": Rule([entry(1, "king")], ["not to my liking"]),
    "whole words end at any sign": Rule([entry(1, "king")], ["The (king)!"], [1]),
    "a hyphen ends a word, an underline does not": Rule(
        [entry(1, "king"), entry(2, "queen")], ["king-like queen_like"], [1]
    ),
    "part of a word, by the entry": Rule(
        [entry(1, "king", whole_words=False)], ["not to my liking"], [1]
    ),
    "several words are looked for anywhere": Rule([entry(1, "old king")], ["bold kings"], [1]),
    "words without spaces between them": Rule([entry(1, "龍")], ["あの龍は"], [1]),
    "a pattern": Rule([entry(1, r"/drag(on|oon)s?\b/i")], ["Dragoons!"], [1]),
    "a pattern minds the case": Rule([entry(1, "/dragon/")], ["Dragon"]),
    "a pattern ignores whole words": Rule([entry(1, "/king/")], ["liking"], [1]),
    "a pattern sees who speaks": Rule(
        [entry(1, r"/\x01Mira: [^\x01]*dragon/")], fires=[1], around=speaking("A dragon!")
    ),
    "slashes that are no pattern": Rule([entry(1, "/a/b/")], ["see /a/b/ there"], [1]),
    "a pattern that RE2 does not know": Rule(
        [entry(1, "/(?<=a)b/", "dragon"), entry(2, "/(?!a)b/")],
        ["ab dragon"],
        [1],
        {2: "pattern"},
    ),
    "a pattern with JavaScript's names and numbers": Rule(
        [entry(1, r"/(?<who>\u0041da)[^]b/")], ["Ada\nb"], [1]
    ),
    "the name before the message counts": Rule(
        [entry(1, "mira")], fires=[1], around=speaking("Hello.")
    ),
    "names can be left out": Rule(
        [entry(1, "mira")],
        around=speaking("Hello."),
        settings=LoreSettings(include_names=False),
    ),
}

SECONDARY = {
    f"{logic.name} with {said!r}": Rule(
        [entry(1, "dragon", secondary_keys=SECOND, logic=logic)],
        [f"dragon {said}"],
        [1] if fires else [],
        {} if fires else {1: "secondary keys"},
    )
    for logic, said, fires in [
        (ANY, "", False),
        (ANY, "fire", True),
        (ANY, "fire cave", True),
        (NOT_ALL, "", True),
        (NOT_ALL, "fire", True),
        (NOT_ALL, "fire cave", False),
        (NOT_ANY, "", True),
        (NOT_ANY, "fire", False),
        (NOT_ANY, "fire cave", False),
        (ALL, "", False),
        (ALL, "fire", False),
        (ALL, "fire cave", True),
    ]
} | {
    "secondary keys of an entry that is not selective": Rule(
        [entry(1, "dragon", secondary_keys=SECOND, selective=False)], ["dragon"], [1]
    ),
}

SOURCES = {
    f"{source.name} is looked at by those that want it": Rule(
        [entry(1, "dragon", sources=frozenset({source})), entry(2, "dragon")],
        fires=[1],
        around=Surroundings(sources={source: "Afraid of any dragon."}),
    )
    for source in Source
}

CONDITIONS = {
    "disabled": Rule(
        [entry(1, "dragon", enabled=False), entry(2, "cat", enabled=False)],
        ["dragon"],
        [],
        {1: "disabled"},
    ),
    "constant": Rule([entry(1, constant=True)], ["Hello."], [1]),
    "constant and disabled": Rule(
        [entry(1, constant=True, enabled=False)], ["Hello."], [], {1: "disabled"}
    ),
    "for a character": Rule(
        [
            entry(1, "dragon", characters=CharacterFilter(("Mira",))),
            entry(2, "dragon", characters=CharacterFilter(("Bram",))),
            entry(3, "dragon", characters=CharacterFilter(("Mira",), exclude=True)),
            entry(4, "dragon", characters=CharacterFilter(("Bram",), exclude=True)),
        ],
        ["dragon"],
        [4, 1],
        {2: "character", 3: "character"},
        around=Surroundings(character="mira"),
    ),
    "for a character's tag": Rule(
        [
            entry(1, "dragon", characters=CharacterFilter((), ("elf",))),
            entry(2, "dragon", characters=CharacterFilter((), ("orc",))),
            entry(3, "dragon", characters=CharacterFilter((), ("elf",), exclude=True)),
        ],
        ["dragon"],
        [1],
        {2: "character", 3: "character"},
        around=Surroundings(character="mira", tags=frozenset({"Elf"})),
    ),
    "only for a kind of reply": Rule(
        [entry(1, "dragon", triggers=("swipe",)), entry(2, "dragon", triggers=("normal",))],
        ["dragon"],
        [2],
        {1: "trigger"},
    ),
    "delay": Rule(
        [entry(1, "dragon", delay=3), entry(2, "dragon", delay=2)],
        ["a", "dragon"],
        [2],
        {1: "delay"},
    ),
    "probability 0": Rule([entry(1, "dragon", probability=0)], ["dragon"], [], {1: "probability"}),
    "probability that is not used": Rule(
        [entry(1, "dragon", probability=0, use_probability=False)], ["dragon"], [1]
    ),
    "a constant rolls too": Rule(
        [entry(1, constant=True, probability=0)], ["x"], [], {1: "probability"}
    ),
}

ORDER = {
    "a higher order is nearer to the end": Rule(
        [entry(1, "a", order=50), entry(2, "a", order=10), entry(3, "a", order=90)],
        ["a"],
        [2, 1, 3],
    ),
    "of equal orders the first is the last": Rule([entry(1, "a"), entry(2, "a")], ["a"], [2, 1]),
}

BUDGET = {
    "the first that overflows ends it for all": Rule(
        [
            entry(1, "a", content="one two", order=3),
            entry(2, "a", content="word " * 50, order=2),
            entry(3, "a", content="one", order=1),
        ],
        ["a"],
        [1],
        {2: "budget", 3: "budget"},
        window=40,
    ),
    "as much as the budget is too much": Rule(
        [entry(1, "a", content="one " * 10)], ["a"], [], {1: "budget"}, window=40
    ),
    "a share of the window": Rule([entry(1, "a", content="one " * 9)], ["a"], [1], window=40),
    "a cap": Rule(
        [entry(1, "a", content="one " * 9)],
        ["a"],
        [],
        {1: "budget"},
        LoreSettings(budget_cap=5),
    ),
    "an entry that ignores the budget": Rule(
        [
            entry(1, "a", content="word " * 50, order=9),
            entry(2, "a", content="word " * 50, order=1, ignore_budget=True),
        ],
        ["a"],
        [2],
        {1: "budget"},
        window=40,
    ),
    "a constant before a key only by its order": Rule(
        [
            entry(1, "a", content="one two", order=109),
            entry(2, constant=True, content="three four"),
        ],
        ["a"],
        [1],
        {2: "budget"},
        window=16,
    ),
}

RECURSION = {
    "an entry sets off another": Rule(
        [entry(1, "bessie", content="Bessie knows Rufus."), entry(2, "rufus")],
        ["bessie"],
        [2, 1],
    ),
    "and that one a third": Rule(
        [entry(1, "a", content="b"), entry(2, "b", content="c"), entry(3, "c")], ["a"], [3, 2, 1]
    ),
    "recursion can be off": Rule(
        [entry(1, "a", content="b"), entry(2, "b")],
        ["a"],
        [1],
        settings=LoreSettings(recursive=False),
    ),
    "not by other entries": Rule(
        [entry(1, "a", content="b"), entry(2, "b", exclude_recursion=True)],
        ["a"],
        [1],
        {2: "recursion"},
    ),
    "sets off no other": Rule(
        [entry(1, "a", content="b", prevent_recursion=True), entry(2, "b")], ["a"], [1]
    ),
    "only by other entries": Rule(
        [entry(1, "a", delay_until_recursion=1)], ["a"], [], {1: "recursion"}
    ),
    "only by other entries, and one does": Rule(
        [entry(1, "a", content="b"), entry(2, "b", delay_until_recursion=1)], ["a"], [2, 1]
    ),
    "levels come one after the other": Rule(
        [
            entry(1, "a"),
            entry(2, "a", delay_until_recursion=2, secondary_keys=("deep",), logic=NOT_ANY),
            entry(3, "a", content="deep", delay_until_recursion=1),
        ],
        ["a"],
        [3, 1],
        {2: "secondary keys"},
    ),
    "at most so many rounds": Rule(
        [entry(1, "a", content="b"), entry(2, "b", content="c"), entry(3, "c")],
        ["a"],
        [2, 1],
        settings=LoreSettings(max_recursion_steps=2),
    ),
    "V3's hidden keys": Rule(
        [entry(1, "a", content="x {{hidden_key:b}}"), entry(2, "b")], ["a"], [2, 1]
    ),
}

MINIMUM = {
    "older messages until so many fire": Rule(
        [entry(1, "a"), entry(2, "b"), entry(3, "c")],
        ["c", "b", "x", "x", "a"],
        [2, 1],
        settings=LoreSettings(min_activations=2),
    ),
    "but not deeper than this": Rule(
        [entry(1, "a"), entry(2, "b")],
        ["b", "x", "x", "x", "a"],
        [1],
        settings=LoreSettings(min_activations=2, min_activations_depth=2),
    ),
    "not together with a limit of rounds": Rule(
        [entry(1, "a"), entry(2, "b")],
        ["b", "x", "a"],
        [1],
        settings=LoreSettings(min_activations=2, max_recursion_steps=5),
    ),
}

GROUPS = {
    "the one that overrides": Rule(
        [
            entry(1, "a", group="g"),
            entry(2, "a", group="g", group_override=True, order=1),
            entry(3, "a", group="g", group_override=True, order=5),
        ],
        ["a"],
        [3],
        {1: "group", 2: "group"},
    ),
    "a weight of 0 never wins": Rule(
        [entry(1, "a", group="g", group_weight=0), entry(2, "a", group="g")],
        ["a"],
        [2],
        {1: "group"},
    ),
    "the most keys, where it is scored": Rule(
        [
            entry(1, "a", "x", group="g", group_override=True),
            entry(2, "a", "b", group="g"),
        ],
        ["a b"],
        [2],
        {1: "group"},
        LoreSettings(group_scoring=True),
    ),
    "secondary keys count for AND_ANY only": Rule(
        [
            entry(1, "a", group="g", secondary_keys=("b",), group_scoring=True),
            entry(2, "a", group="g", secondary_keys=("z",), logic=NOT_ANY, group_scoring=True),
        ],
        ["a b"],
        [1],
        {2: "group"},
    ),
    "one entry in two groups": Rule(
        [
            entry(1, "a", group="g, h", group_override=True),
            entry(2, "a", group="g"),
            entry(3, "a", group="h"),
        ],
        ["a"],
        [1],
        {2: "group", 3: "group"},
    ),
    "a group that is there already": Rule(
        [entry(1, "a", group="g", content="b"), entry(2, "b", group="g")],
        ["a"],
        [1],
        {2: "group"},
    ),
    "no group": Rule([entry(1, "a"), entry(2, "a")], ["a"], [2, 1]),
}


def decorated(uid: int, decorator: str, *keys: str, **more: Any) -> LoreEntry:
    return entry(uid, *keys, content=f"{decorator}\ntext {uid}", **more)


DECORATORS = {
    "@@activate": Rule([decorated(1, "@@activate", "a")], ["x"], [1]),
    "@@dont_activate": Rule([decorated(1, "@@dont_activate", "a")], ["a"], [], {1: "decorator"}),
    "@@activate beats @@dont_activate": Rule(
        [decorated(1, "@@dont_activate\n@@activate")], ["x"], [1]
    ),
    "@@activate_only_after": Rule(
        [
            decorated(1, "@@activate_only_after 2", "a"),
            decorated(2, "@@activate_only_after 3", "a"),
        ],
        ["a"],
        [1],
        {2: "decorator"},
        around=Surroundings(replies=2),
    ),
    "@@activate_only_every": Rule(
        [
            decorated(1, "@@activate_only_every 3", "a"),
            decorated(2, "@@activate_only_every 4", "a"),
        ],
        ["a"],
        [1],
        {2: "decorator"},
        around=Surroundings(replies=6),
    ),
    "@@is_greeting": Rule(
        [decorated(1, "@@is_greeting 1", "a"), decorated(2, "@@is_greeting 0", "a")],
        ["a"],
        [1],
        {2: "decorator"},
        around=Surroundings(greeting=1),
    ),
    "@@is_greeting where that is not known": Rule(
        [decorated(1, "@@is_greeting 1", "a")], ["a"], [1]
    ),
    "@@additional_keys": Rule(
        [decorated(1, "@@additional_keys x, b", "a"), decorated(2, "@@additional_keys x", "a")],
        ["a b"],
        [1],
        {2: "secondary keys"},
    ),
    "@@exclude_keys": Rule(
        [decorated(1, "@@exclude_keys x", "a"), decorated(2, "@@exclude_keys x, b", "a")],
        ["a b"],
        [1],
        {2: "secondary keys"},
    ),
    "@@scan_depth": Rule([decorated(1, "@@scan_depth 3", "a")], ["a", "b", "c"], [1]),
    "a fallback counts when the line before does not": Rule(
        [decorated(1, "@@something_else 4\n@@@risu 1\n@@@activate")], ["x"], [1]
    ),
    "a fallback does not count when the line before does": Rule(
        [decorated(1, "@@scan_depth 2\n@@@activate")], ["x"]
    ),
    "a value that makes no sense is ignored": Rule(
        [decorated(1, "@@activate_only_after soon", "a")], ["a"], [1]
    ),
}

RULES = {
    **KEYS,
    **SECONDARY,
    **SOURCES,
    **CONDITIONS,
    **ORDER,
    **BUDGET,
    **RECURSION,
    **MINIMUM,
    **GROUPS,
    **DECORATORS,
}


@pytest.mark.parametrize("name", RULES)
def test_rule(name: str) -> None:
    rule = RULES[name]
    result = scanned(
        book(*rule.entries),
        said=rule.said,
        settings=rule.settings,
        around=rule.around,
        window=rule.window,
    )
    assert uids(result) == rule.fires
    assert {each.entry.uid: each.why for each in result.skipped} == rule.skips
    others = len(rule.entries) - len(rule.fires) - len(rule.skips)
    assert result.unmatched == others


PLACES = {
    "": (Position.BEFORE_CHARACTER, 4, "system"),
    "@@depth 2": (Position.AT_DEPTH, 2, "system"),
    "@@depth 1\n@@role user": (Position.AT_DEPTH, 1, "user"),
    "@@reverse_depth 2": (Position.AT_DEPTH, 3, "system"),
    "@@depth 2\n@@reverse_depth 2": (Position.AT_DEPTH, 2, "system"),
    "@@position after_desc": (Position.AFTER_CHARACTER, 4, "system"),
    "@@position after_desc\n@@depth 2": (Position.AFTER_CHARACTER, 4, "system"),
    "@@position nowhere\n@@@depth 3": (Position.AT_DEPTH, 3, "system"),
    "@@role assistant": (Position.BEFORE_CHARACTER, 4, "assistant"),
    "@@instruct_depth 9": (Position.BEFORE_CHARACTER, 4, "system"),
    "@@depth 2\n@@depth 7": (Position.AT_DEPTH, 2, "system"),
}


@pytest.mark.parametrize("decorators", PLACES)
def test_decorators_say_where_and_are_no_text(decorators: str) -> None:
    content = f"{decorators}\n\nA text." if decorators else "A text."
    result = scanned(book(entry(1, "a", content=content)), said=["1", "2", "3", "4", "a"])
    found = result.activated[0]
    assert (found.position, found.depth, found.role) == PLACES[decorators]
    assert found.content == "A text."


def test_what_is_left_out_first() -> None:
    result = scanned(book(decorated(1, "@@ignore_on_max_context", "a"), entry(2, "a")), said=["a"])
    assert {each.entry.uid: each.ignores_full for each in result.activated} == {1: True, 2: False}
