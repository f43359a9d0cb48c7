"""What differs between generations of Claude: data, by the version in a model's name."""

import re
from dataclasses import dataclass
from typing import Any

from backends.sampling import Rule, Rules, Sampling, takes
from roleplay.profiles import ConnectionProfile

CHECKED = "2026-11-23"

VERSION = re.compile(r"claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)")
"""claude-3-5-sonnet-20241022, claude-opus-4-7, claude-sonnet-4-20250514: a date is no version."""

WINDOW = 200_000
"""Tokens of every Claude since 3, where the list of models does not say."""

NEITHER = "this generation of Claude chooses its words itself"


@dataclass(frozen=True, slots=True)
class Generation:
    """Claude up to version `newest`. `prefill`: it goes on with words put into its mouth.

    `both`: temperature and topP may be sent together.
    """

    newest: tuple[int, int]
    sampling: Sampling
    prefill: bool
    both: bool = True


def _stops(stops: tuple[str, ...]) -> list[str] | None:
    """One of nothing but white space is refused; it is still obeyed here."""
    return [stop for stop in stops if stop.strip()] or None


def _tool(_force_json: Any) -> object:
    """See `backends.dialects.anthropic.JSON_TOOL`."""
    return {"type": "tool", "name": "reply"}


TOOL = Rule("tool_choice", why="as a tool that takes the reply", shape=_tool)

WORDS = Rule(why="the protocol has no such key; the prompt asks for it in words")


def _table(temperature: Rule, nucleus: Rule, top_k: Rule, force_json: Rule = TOOL) -> Sampling:
    table: Rules = takes(
        temperature=temperature,
        top_p=nucleus,
        top_k=top_k,
        max_completion_tokens="max_tokens",
        stop=Rule("stop_sequences", shape=_stops),
        force_json=force_json,
    )
    return Sampling(table, CHECKED)


EVERYTHING = _table(Rule("temperature", most=1.0), Rule("top_p"), Rule("top_k"))

NOTHING = _table(Rule(why=NEITHER), Rule(why=NEITHER), Rule(why=NEITHER))

GENERATIONS = (
    Generation((4, 0), EVERYTHING, prefill=True),
    Generation((4, 5), EVERYTHING, prefill=True, both=False),
    Generation((4, 6), EVERYTHING, prefill=False, both=False),
    Generation((99, 99), NOTHING, prefill=False),
)
"""Oldest first. What a newer one refuses is learned from its refusal."""

OTHER = Generation(
    (0, 0), _table(Rule("temperature"), Rule("top_p"), Rule("top_k"), WORDS), prefill=True
)
"""Another model behind the same protocol. llama.cpp, for one, does not enforce a tool there."""

ONE_ONLY = Rule(why="this generation of Claude takes temperature or topP, not both")


def generation_of(model: str) -> Generation:
    match = VERSION.search(model)
    if match is None:
        return OTHER
    version = int(match[1]), int(match[2] or 0)
    return next(each for each in GENERATIONS if version <= each.newest)


def sampling_of(profile: ConnectionProfile) -> Sampling:
    """Of temperature and topP the first goes, where only one may."""
    generation = generation_of(profile.model)
    if generation.both or profile.sampler.temperature is None:
        return generation.sampling
    return Sampling({**generation.sampling.rules, "top_p": ONE_ONLY}, CHECKED)
