"""What an admin should know about a profile although its server answers."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from roleplay.phrases import say
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile

NOTICE = timedelta(days=90)
"""How long before a model is switched off it is told."""


def cautions(
    profile: ConnectionProfile, found: ProbeResult | None, answered_by: str, today: date
) -> Iterator[str]:
    """A sentence for each.

    `found` is the last probe that found the server up, `answered_by` the model that its last reply
    named, "" where none did.
    """
    if found and found.window:
        yield from _window(profile, found.window)
    if found and profile.model in found.shutdowns:
        yield from _shutdown(profile.model, found.shutdowns[profile.model], today)
    if answered_by and profile.model and not same_model(profile.model, answered_by):
        yield say(
            "{answered} answers instead of {asked}.", answered=answered_by, asked=profile.model
        )


def same_model(asked: str, answered: str) -> bool:
    """Whether two names mean one model: the short name of a dated or tagged one, a file's name."""
    ours, theirs = _plain(asked), _plain(answered)
    if ours == theirs or (":" not in theirs and ours.partition(":")[0] == theirs):
        return True
    return re.fullmatch(re.escape(ours) + r"(-\d[\d-]*|:latest)", theirs) is not None


def _plain(model: str) -> str:
    return re.split(r"[/\\]", model.lower())[-1].removesuffix(".gguf")


def _window(profile: ConnectionProfile, window: int) -> Iterator[str]:
    wanted = profile.sampler.max_context_tokens
    if wanted and wanted > window:
        yield say(
            "maxContextTokens is {wanted}, but the server's window is {window}: {window} is used.",
            wanted=wanted,
            window=window,
        )


def _shutdown(model: str, day: str, today: date) -> Iterator[str]:
    try:
        left = date.fromisoformat(day) - today
    except ValueError:
        return
    if left <= NOTICE:
        yield say("{model} will be switched off on {day}. Choose another.", model=model, day=day)
