"""How a server's failure is worded: our own plain sentence, and the server's own words, tamed."""

from discord.utils import escape_markdown, escape_mentions

from bot.redaction import redact
from roleplay.phrases import say

LONGEST_QUOTE = 200
"""Characters of a server's own text that are shown."""


CAUSES = {
    "unreachable": "Nothing answers at its address.",
    "tls": "The secure connection to it fails.",
    "timeout": "It takes too long to answer.",
    "rate_limited": "It allows no more requests for now.",
    "overloaded": "It has more work than it takes.",
    "server_failed": "It answers with an error of its own.",
    "loading": "It is still loading its model.",
    "bad_key": "It does not accept the API key.",
    "forbidden": "It does not allow this.",
    "out_of_credit": "Its account has no credit left.",
    "no_model": "It does not have the model that the profile names.",
    "bad_response": "What it sends is not an answer of a language model.",
    "embedded": "The built-in model could not be started.",
    "stream_broken": "It breaks off in the middle of answers.",
}
"""By the code of a `BackendError`; "it" is the profile's server."""


def cause(code: str) -> str:
    """A failure's code as a plain sentence."""
    return say(CAUSES.get(code, "It does not work."))


def quote(text: str) -> str:
    """A server's words as inline code: no markdown, link or mention in them comes alive."""
    tame = words(text).replace("`", "'")
    return f"`{tame}`" if tame else ""


def plain(text: str) -> str:
    """A hint as text; it may hold names and addresses that others chose."""
    return escape_mentions(escape_markdown(words(text)))


def words(text: str) -> str:
    """A server's words on one line, cut, and without what looks like a key."""
    text = " ".join(redact(text).split())
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
