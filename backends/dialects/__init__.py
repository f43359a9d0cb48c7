"""One module for each kind of server; a module that lies here is found, there is no list."""

import importlib
import pkgutil
from functools import cache
from typing import cast

from backends.dialect import Dialect
from roleplay.errors import BackendError
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile


@cache
def every() -> dict[str, Dialect]:
    """All dialects by the name of their module. Each module has one, called `dialect`."""
    return {
        found.name: cast("Dialect", importlib.import_module(f"{__name__}.{found.name}").dialect)
        for found in pkgutil.iter_modules(__path__)
    }


def types() -> tuple[str, ...]:
    """The values that a profile's `type` may have."""
    return tuple(sorted(name for dialect in every().values() for name in dialect.names))


def dialect_for(profile: ConnectionProfile) -> Dialect:
    """Raises `BackendError` for a type that nobody serves; the config refuses those before."""
    for dialect in every().values():
        if profile.type in dialect.names:
            return dialect
    raise BackendError(
        say("There is no type of server called {type}.", type=profile.type),
        hint=say("It is one of {types}.", types=", ".join(types())),
        profile=profile.name,
    )


def settled(profile: ConnectionProfile) -> ConnectionProfile:
    """The profile with its `base_url` filled in, without a closing slash."""
    base_url = profile.base_url or dialect_for(profile).base_url
    return profile.model_copy(update={"base_url": base_url.rstrip("/")})
