"""Takes over a new config and new profiles, or leaves everything as it is."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from pydantic import JsonValue

from backends.embedded.servers import EMBEDDED
from backends.pool import Pool
from bot.config.added import Bodies, added_profile, merge
from bot.config.load import Loaded, config_error, load
from bot.config.models import Config
from bot.reloading.changes import (
    Changes,
    changed_settings,
    profile_changes,
    served_live,
    waiting_settings,
)
from roleplay.errors import ConfigError, Problem, RoleForgeError
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

log = logging.getLogger(__name__)


class Kept(Protocol):
    """Where profiles live that are not in the config file. Raises `StorageError`."""

    async def all(self) -> dict[str, dict[str, JsonValue]]: ...

    async def save(
        self, name: str, body: Mapping[str, JsonValue], *, by: int | None = None
    ) -> None: ...

    async def remove(self, name: str) -> bool: ...


class Taker(Protocol):
    """The rest of the program."""

    def take(self, config: Config, secrets: Collection[str]) -> None:
        """Use these settings from now on."""
        ...

    async def settle(self, changes: Changes) -> None:
        """The profiles are in place."""
        ...


class Reloader:
    """Owns the settings in force. Its methods follow one another, whoever calls them."""

    def __init__(self, loaded: Loaded, kept: Kept, pool: Pool, taker: Taker) -> None:
        self._loaded = loaded
        self._kept = kept
        self._pool = pool
        self._taker = taker
        self._started = loaded.config
        self._running = dict(pool.profiles)
        self._lock = asyncio.Lock()
        self.added: Bodies = {}
        self.left_out: tuple[Problem, ...] = ()
        self.fault: RoleForgeError | None = None

    @property
    def loaded(self) -> Loaded:
        return self._loaded

    @property
    def config(self) -> Config:
        return self._loaded.config

    async def restore(self) -> None:
        """Take up the profiles that were added before a restart.

        Raises:
            StorageError: they cannot be read.
        """
        async with self._lock:
            await self._swap(self._loaded, await self._kept.all())
        for problem in self.left_out:
            log.warning("A profile is left out: %s", problem)

    async def reload(self) -> Changes:
        """Read the config file again. When it raises, everything is as it was; `fault` says why.

        Raises:
            ConfigError: the file does not hold.
            RoleForgeError: a profile of it cannot be opened.
        """
        async with self._lock:
            try:
                path, environ = self._loaded.sources[0], self._loaded.environ
                loaded = await asyncio.to_thread(load, path, environ)
                changes = await self._swap(loaded, self.added)
            except RoleForgeError as error:
                self.fault = error
                raise
            self.fault = None
        await self._taker.settle(changes)
        return changes

    async def save(self, name: str, body: Mapping[str, JsonValue], by: int) -> None:
        """Add a profile, or change one that was added.

        Raises:
            ConfigError: it does not hold, or the config file has one of this name.
            StorageError: it was not stored.
        """
        async with self._lock:
            self._refuse_of_config(name)
            if body.get("type") == EMBEDDED:
                raise _fault(name, "type", say("Embedded profiles stand in config.json."))
            added_profile(name, body, self._pool.profiles, self._loaded.variables())
            await self._kept.save(name, body, by=by)
            changes = await self._swap(self._loaded, {**self.added, name: body})
        await self._taker.settle(changes)

    async def remove(self, name: str) -> None:
        """Remove an added profile, also from the fallbacks of other added ones.

        Raises:
            ConfigError: it is in the config file.
            StorageError: it is still there.
        """
        async with self._lock:
            self._refuse_of_config(name)
            rest = {
                other: _without(name, body) for other, body in self.added.items() if other != name
            }
            for other, body in rest.items():
                if body != self.added[other]:
                    await self._kept.save(other, body)
            await self._kept.remove(name)
            changes = await self._swap(self._loaded, rest)
        await self._taker.settle(changes)

    def _refuse_of_config(self, name: str) -> None:
        if name in self.config.profiles:
            raise _fault(name, "", say("It is in config.json. Change it there."))

    async def _swap(self, loaded: Loaded, bodies: Bodies) -> Changes:
        config = loaded.config
        added, left_out = merge(config.profiles, bodies, loaded.variables())
        live, waiting = served_live(
            config.profiles, self._started.profiles, self._running, EMBEDDED
        )
        if config.default_profile not in live:
            raise self._not_live(config.default_profile)
        before = dict(self._pool.profiles)
        await self._pool.replace({**live, **added})
        changes = replace(
            profile_changes(before, self._pool.profiles),
            settings=changed_settings(self.config, config),
            waiting=(*waiting_settings(self._started, config), *waiting),
            notes=(*loaded.warnings, *left_out),
        )
        self._loaded, self.added, self.left_out = loaded, bodies, tuple(left_out)
        self._taker.take(config, {*loaded.secrets, *_keys(added.values())})
        return changes

    def _not_live(self, name: str) -> ConfigError:
        message = say("{name} is embedded, and starts only with the program.", name=name)
        return config_error(
            [Problem(str(self._loaded.sources[0]), 0, 0, "defaultProfile", message)]
        )


def _fault(name: str, key: str, message: str) -> ConfigError:
    return config_error([Problem(say("profile {name}", name=name), 0, 0, key, message)])


def _without(name: str, body: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    fallbacks = body.get("fallbackProfiles")
    if not isinstance(fallbacks, list) or name not in fallbacks:
        return body
    return {**body, "fallbackProfiles": [each for each in fallbacks if each != name]}


def _keys(profiles: Iterable[ConnectionProfile]) -> Iterator[str]:
    for profile in profiles:
        if profile.api_key:
            yield profile.api_key.get_secret_value()
