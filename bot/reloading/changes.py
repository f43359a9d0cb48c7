"""What a new config changes, and what of it waits for a restart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.config.models import Config
from roleplay.errors import Problem
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

Profiles = Mapping[str, ConnectionProfile]


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of profiles and of settings. `waiting` are those that need a restart."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.settings)

    @property
    def lines(self) -> list[str]:
        """For people; empty when there is nothing to tell."""
        told = [
            (self.added, say("New profiles: {names}.")),
            (self.changed, say("Changed profiles: {names}.")),
            (self.removed, say("Removed profiles: {names}.")),
            (self.settings, say("Changed settings: {names}.")),
            (self.waiting, say("Only a restart changes: {names}.")),
        ]
        lines = [text.replace("{names}", ", ".join(names)) for names, text in told if names]
        return [*lines, *(say("Warning: {problem}", problem=problem) for problem in self.notes)]


def profile_changes(before: Profiles, after: Profiles) -> Changes:
    return Changes(
        added=tuple(name for name in after if name not in before),
        changed=tuple(name for name in after if name in before and before[name] != after[name]),
        removed=tuple(name for name in before if name not in after),
    )


def changed_settings(before: Config, after: Config) -> tuple[str, ...]:
    """Those that change at once."""
    differs = {
        "defaultProfile": before.default_profile != after.default_profile,
        "discord.ownerIds": before.discord.owner_ids != after.discord.owner_ids,
        "health": before.health != after.health,
        "chat": before.chat != after.chat,
    }
    return tuple(key for key, changed in differs.items() if changed)


def waiting_settings(started: Config, after: Config) -> tuple[str, ...]:
    """Those that stay as they were when the program started."""
    differs = {
        "discord.token": started.discord.token != after.discord.token,
        "discord.devGuild": started.discord.dev_guild != after.discord.dev_guild,
        "storage.folder": started.storage != after.storage,
        "http": started.http != after.http,
    }
    return tuple(key for key, changed in differs.items() if changed)


def served_live(
    wanted: Profiles, started: Profiles, running: Profiles, kind: str
) -> tuple[dict[str, ConnectionProfile], Sequence[str]]:
    """The wanted profiles as the pool takes them, and those that only a restart can serve.

    Profiles of the type `kind` are servers of our own, started with the program: `started` has them
    as the config had them then, `running` with their address and key. One that asks for another
    model or window stays as it is.
    """
    live: dict[str, ConnectionProfile] = {}
    waiting: list[str] = []
    for name, profile in wanted.items():
        if profile.type != kind:
            live[name] = profile
            continue
        old = started.get(name)
        if old and (old.type, old.model, old.window) == (kind, profile.model, profile.window):
            live[name] = _filled_in(profile, running[name])
            continue
        waiting.append(f"profiles.{name}")
        if old and old.type == kind:
            live[name] = running[name]
    return live, waiting


def _filled_in(profile: ConnectionProfile, running: ConnectionProfile) -> ConnectionProfile:
    taken = {key: getattr(running, key) for key in ("base_url", "api_key", "model")}
    return profile.model_copy(update=taken)
