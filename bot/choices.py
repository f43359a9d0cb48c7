"""Profile names to pick from."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from discord import app_commands

from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

MOST_CHOICES = 25
"""Discord shows no more."""


class ProfileNames:
    """Names as they are now: profiles come and go while the bot runs."""

    def __init__(self, profiles: Callable[[], Mapping[str, ConnectionProfile]]) -> None:
        self._profiles = profiles

    def all(self) -> Mapping[str, ConnectionProfile]:
        return self._profiles()

    def choices(self, typed: str) -> list[app_commands.Choice[str]]:
        """Names that hold what was typed; those that begin with it come first."""
        part = typed.lower()
        found = [name for name in self._profiles() if part in name.lower()]
        found.sort(key=lambda name: (not name.lower().startswith(part), name))
        return [app_commands.Choice(name=name, value=name) for name in found[:MOST_CHOICES]]

    def problem(self, name: str) -> str | None:
        """None when there is such a profile, else what to tell."""
        names = list(self._profiles())
        if name in names:
            return None
        near = get_close_matches(name, names, n=1)
        if near:
            return say(
                "There is no profile “{name}”. Did you mean “{near}”?", name=name, near=near[0]
            )
        known = ", ".join(names)
        return say("There is no profile “{name}”. There are: {known}.", name=name, known=known)
