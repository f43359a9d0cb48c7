"""Keeps keys out of what is logged and shown."""

import re
from collections.abc import Iterable

HIDDEN = "***"

SHORTEST_SECRET = 4
"""Shorter values would black out ordinary words."""

SHAPES = re.compile(
    r"""
    \b(?:sk|pk|rk|hf|gsk|xai|pplx|csk|nvapi|ghp)[-_][\w-]{8,}   # API keys of LLM services
    | (?<=bearer[ ])[\w.~+/=-]{8,}
    | \bAIza[\w-]{20,}                                      # Google
    | \b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}                # a Discord bot token
    | (?<=/webhooks/)\d+/[\w-]+                             # a Discord webhook's address
    | (?<=://)[^\s/@:]+:[^\s/@]+(?=@)                       # user:password in an address
    """,
    re.VERBOSE | re.IGNORECASE,
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the given values and without anything shaped like a key."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return SHAPES.sub(HIDDEN, text)
