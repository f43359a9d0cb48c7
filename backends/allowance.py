"""What an account allows in one request, read from the refusal of a larger one."""

import re

from roleplay.errors import BackendError, OutOfCredit, RequestTooBig

AFFORDABLE = re.compile(r"can only afford ([\d,]+)", re.IGNORECASE)
LIMIT = re.compile(r"limit:? ([\d,]+)\D{0,40}requested:? ([\d,]+)", re.IGNORECASE)

LEAST_REPLY = 64
"""Tokens below which a reply is not worth asking for."""


def note_allowance(error: BackendError, message: str) -> None:
    """Put the numbers of the server's own words into the error."""
    if isinstance(error, OutOfCredit) and (found := AFFORDABLE.search(message)):
        error.affordable = _number(found[1])
    if isinstance(error, RequestTooBig) and (found := LIMIT.search(message)):
        error.excess = max(_number(found[2]) - _number(found[1]), 0) or None


def smaller(
    error: OutOfCredit | RequestTooBig, prompt_tokens: int, reply_tokens: int
) -> tuple[int, int] | None:
    """Tokens of prompt and of reply that the account may allow; None: no use trying.

    The reply gives way first, down to a half; then the prompt does.
    """
    if isinstance(error, OutOfCredit):
        fewer = min(error.affordable or 0, reply_tokens)
        return (prompt_tokens, fewer) if fewer >= LEAST_REPLY else None
    excess = error.excess or (prompt_tokens + reply_tokens) // 4
    reply = max(reply_tokens - excess, reply_tokens // 2, min(LEAST_REPLY, reply_tokens))
    prompt = prompt_tokens - max(excess - (reply_tokens - reply), 0)
    return (prompt, reply) if prompt > 0 else None


def _number(text: str) -> int:
    return int(text.replace(",", ""))
