"""What a profile adds to its requests by itself: `extraBody` and `extraHeaders`."""

from dataclasses import replace
from typing import cast

from backends.dialect import WireRequest
from backends.refused_keys import ESSENTIAL
from roleplay.profiles import ConnectionProfile

Json = dict[str, object]


def with_extra_body(wire: WireRequest, profile: ConnectionProfile) -> WireRequest:
    """The request with the profile's own keys, which win; objects are merged one level deep."""
    if not profile.extra_body or wire.body is None:
        return wire
    body = dict(wire.body)
    for key, value in profile.extra_body.items():
        ours = body.get(key)
        if isinstance(ours, dict) and isinstance(value, dict):
            body[key] = cast("Json", ours) | value
        elif key not in ESSENTIAL:
            body[key] = value
    return replace(wire, body=body)


def extra_headers(profile: ConnectionProfile) -> dict[str, str]:
    return {name: value.get_secret_value() for name, value in profile.extra_headers.items()}
