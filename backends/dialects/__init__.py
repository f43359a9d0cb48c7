"""One module for each kind of server; a module that lies here is found, there is no list."""

import importlib
import pkgutil
from functools import cache
from typing import cast

from backends.address import host_of, is_local, successor
from backends.chat_completions import ChatCompletions
from backends.dialect import Dialect
from roleplay.errors import BackendError
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

PROTOCOL = "openai"
"""The type of every server that speaks its protocol."""

AUTO = "auto"
"""The type of a server whose kind is found out later; until then it counts as the one above."""


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
    """Raises `BackendError` for a type that nobody serves; the config refuses those before.

    The type openai says only which protocol is spoken: at the host of a service that is known, that
    service's own row counts.
    """
    for dialect in every().values():
        if (PROTOCOL if profile.type == AUTO else profile.type) in dialect.names:
            return _by_host(profile) or dialect
    raise BackendError(
        say("There is no type of server called {type}.", type=profile.type),
        hint=say("It is one of {types}.", types=", ".join(types())),
        profile=profile.name,
    )


def embeds(profile: ConnectionProfile) -> bool:
    """Whether such a server can make vectors of texts; what the type auto finds may."""
    return dialect_for(profile).embed((), profile) is not None


def _by_host(profile: ConnectionProfile) -> Dialect | None:
    """One that speaks OpenAI's protocol there."""
    if profile.type not in (PROTOCOL, AUTO):
        return None
    host = host_of(successor(profile.base_url) or profile.base_url)
    known = (dialect for dialect in every().values() if isinstance(dialect, ChatCompletions))
    services = (dialect for dialect in known if not is_local(dialect.base_url))
    return next((each for each in services if host_of(each.base_url) == host), None)


def settled(profile: ConnectionProfile) -> ConnectionProfile:
    """The profile as it is used: what it leaves open is what such a server usually has.

    `base_url` has no closing slash, and is the new one where the profile's was retired.
    """
    dialect = dialect_for(profile)
    base_url = successor(profile.base_url) or profile.base_url or dialect.base_url
    changes: dict[str, object] = {"base_url": base_url.rstrip("/")}
    if not profile.model:
        changes["model"] = _model_in(profile.base_url)
    if dialect.retries is not None and "max_retries" not in profile.model_fields_set:
        changes["max_retries"] = dialect.retries
    return profile.model_copy(update=changes)


def _model_in(base_url: str) -> str:
    """Hugging Face's retired addresses named the model: .../models/owner/name."""
    return base_url.partition("/models/")[2].strip("/") if successor(base_url) else ""
