"""Keys of a request's body that a server refused are left out from then on."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from backends.dialect import WireRequest
from roleplay.errors import BackendError, BadParameter

log = logging.getLogger(__name__)

ESSENTIAL = frozenset({"model", "messages", "prompt", "system", "stream"})
"""Without these it would be another request."""

SYNONYMS = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
"""Two names of one key: where a server refuses one, the other is tried."""

Body = Mapping[str, object]


class RefusedKeys:
    """What one profile's server refused, by model. Wire names; those inside an object too."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._names: dict[str, set[str]] = {}

    def of(self, model: str) -> frozenset[str]:
        return frozenset(self._names.get(model, ()))

    def strip(self, wire: WireRequest, model: str) -> WireRequest:
        """The request without them."""
        names = self.of(model)
        if not names or wire.body is None:
            return wire
        return replace(wire, body=dict(_stripped(wire.body, names)))

    def learn(self, error: BackendError, wire: WireRequest, model: str) -> bool:
        """Whether the error names a key of this request that can be left out next time."""
        if not isinstance(error, BadParameter) or not wire.body:
            return False
        name = _key_of(error.parameter, wire.body)
        if not name:
            return False
        self._names.setdefault(model, set()).add(name)
        log.warning(
            "%s: %s does not take %s (%s); it is left out from now on",
            *(self._profile, model or "the server", name, error),
        )
        return True


def _stripped(body: Body, names: frozenset[str]) -> Iterator[tuple[str, object]]:
    for key, value in body.items():
        if key in names:
            other = SYNONYMS.get(key)
            if other and other not in names:
                yield other, value
        elif isinstance(value, dict):
            yield key, dict(_stripped(cast("Body", value), names))
        else:
            yield key, value


def _key_of(parameter: str, body: Body) -> str:
    """The key that the server's name for it means: `top_k`, `body.top_k`, `options.top_k`."""
    inner = {key for value in body.values() if isinstance(value, dict) for key in value}  # pyright: ignore[reportUnknownVariableType]
    known = (body.keys() | cast("set[str]", inner)) - ESSENTIAL
    steps = parameter.split(".")
    return next((step for step in (steps[-1], steps[0]) if step in known), "")
