"""Keys that are regular expressions, `/…/flags`: JavaScript's, run by RE2 in linear time."""

import re
from dataclasses import dataclass
from typing import Any, cast

import re2  # pyright: ignore[reportMissingTypeStubs] - it has none

from roleplay.phrases import say

RE2 = cast("Any", re2)

FORM = re.compile(r"/(.+?)/([gimsuy]*)", re.DOTALL)
SLASH = re.compile(r"(?:^|[^\\])/")
FOREIGN = re.compile(
    r"\\u\{(?P<braced>[0-9a-fA-F]+)\}|\\u(?P<four>[0-9a-fA-F]{4})|(?P<named>\(\?<(?![=!]))"
    r"|(?P<any>\[\^\])|\\(?P<slash>/)|\\."
)

MOST_MEMORY = 512 * 1024
"""Bytes of one pattern; larger ones are refused."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`problem` says why it cannot be used and so never matches, "" where it can."""

    compiled: Any
    problem: str = ""

    def found(self, text: bytes) -> bool:
        """The text is UTF-8."""
        return self.compiled is not None and self.compiled.search(text) is not None


def pattern_in(key: str) -> Pattern | None:
    """None: the key is plain text."""
    form = FORM.fullmatch(key)
    if form is None or SLASH.search(form[1]):
        return None
    try:
        return Pattern(_compiled(_translated(form[1], form[2]), ignore_case="i" in form[2]))
    except RE2.error as exc:
        return refused(key, _reason(exc))


def refused(key: str, why: str) -> Pattern:
    return Pattern(None, say("the pattern {key} cannot be used: {why}", key=key, why=why))


def _compiled(source: str, *, ignore_case: bool) -> Any:
    options = RE2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    return RE2.compile(source.encode(), options)


def _reason(error: Exception) -> str:
    """RE2's own words."""
    why: object = error.args[0] if error.args else error
    return why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)


def _translated(source: str, flags: str) -> str:
    """Where RE2 writes it otherwise than JavaScript."""
    modes = "".join(flag for flag in "ms" if flag in flags)
    whole = FOREIGN.sub(_token, source)
    start = r"\A" if "y" in flags else ""
    return f"{start}(?{modes}:{whole})" if modes else f"{start}(?:{whole})"


def _token(found: re.Match[str]) -> str:
    if code := found["braced"] or found["four"]:
        return rf"\x{{{code}}}"
    if found["named"]:
        return "(?P<"
    if found["any"]:
        return r"[\s\S]"
    return found["slash"] or found[0]
