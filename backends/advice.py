"""Which models there are instead of the one that a server does not know."""

from collections.abc import Sequence
from difflib import get_close_matches

from roleplay.phrases import say

MOST_NAMES = 8


def other_models(wanted: str, models: Sequence[str]) -> str:
    """A sentence to add to a hint; "" where there is nothing to choose from."""
    if not models:
        return ""
    names = ", ".join(models[:MOST_NAMES])
    more = len(models) - MOST_NAMES
    listed = say("{names} and {count} more", names=names, count=more) if more > 0 else names
    if like := nearest(wanted, models):
        return say("Closest is {like}. The server has: {names}.", like=like, names=listed)
    return say("The server has: {names}.", names=listed)


def nearest(wanted: str, models: Sequence[str]) -> str:
    """The model that was probably meant; "" where none is like it."""
    lower = {model.lower(): model for model in models}
    parts = [name for name in lower if wanted and wanted.lower() in name]
    found = parts or get_close_matches(wanted.lower(), lower, n=1)
    return lower[found[0]] if found else ""
