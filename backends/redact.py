"""Makes what a server wrote fit to be shown: short, on one line, and without any key."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

LONGEST = 200
"""Characters of a server's text that are shown."""

LOOKED_AT = 10_000

MASK = "…"

SHORTEST_SECRET = 4

SHAPES = (
    re.compile(r"()\b(?:sk|rk|pk|hf|gsk|xai|nvapi)[-_][\w*.-]{6,}"),
    re.compile(r"()\bAIza[\w-]{20,}"),
    re.compile(r"()\beyJ[\w-]{6,}\.[\w-]+\.[\w-]+"),
    re.compile(r"(\b(?:Bearer|Basic)\s+)[\w.~+/=-]{6,}", re.IGNORECASE),
    re.compile(r"([?&][\w-]*(?:key|token|secret|password|sig)[\w-]*=)[^&\s\"']+", re.IGNORECASE),
    re.compile(r"(://)[^/\s@]+(?=@)"),
)
"""What keys look like; the first group stays."""


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the secrets, and without anything that looks like one."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, MASK).replace(quote(secret, safe=""), MASK)
    for shape in SHAPES:
        text = shape.sub(rf"\1{MASK}", text)
    return text


def showable(text: str, secrets: Iterable[str] = ()) -> str:
    """One line of at most `LONGEST` characters, redacted, without control characters."""
    visible = "".join(map(_visible, text[:LOOKED_AT]))
    line = redact(" ".join(visible.split()), secrets)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _visible(character: str) -> str:
    """Control characters part words; format characters (bidi, zero width) vanish."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] == "C" else character
