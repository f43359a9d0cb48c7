"""Keeps keys and tokens out of what is logged and shown."""

import re
from collections.abc import Iterable

from backends import redact as keys

SHORTEST_SECRET = 8
"""Shorter ones are made up ("ollama", "none"); hiding them would black out ordinary words."""

SHAPES = re.compile(
    r"""
    \b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}  # a bot's token
    | (?<=/webhooks/)\d+/[\w-]+             # a webhook's address
    """,
    re.VERBOSE,
)
"""What Discord's secrets look like; `backends.redact` knows those of LLM services."""


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the given values and without anything shaped like a key."""
    long = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    return SHAPES.sub(keys.MASK, keys.redact(text, sorted(long, key=len, reverse=True)))
