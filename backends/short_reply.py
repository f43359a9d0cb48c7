"""One short real reply, from a server and nobody else: no retry, no fallback."""

from dataclasses import dataclass

from backends.server import Server
from roleplay.chat import ChatMessage, ChatRequest, Usage
from roleplay.closing import closing
from roleplay.errors import BackendError
from roleplay.phrases import say
from roleplay.ports import Clock

PATIENCE = 120.0
"""Seconds, for a model that has to be loaded first."""

BUDGET = 1024
"""Tokens: a reasoning model thinks before it speaks."""

ENOUGH = 80
"""Characters after which the rest is not waited for, nor paid."""


@dataclass(frozen=True, slots=True)
class ShortReply:
    """`first` is seconds to the first token, also one of reasoning; `error` what came instead.

    `reasoned`: the model thought aloud. `usage` None: it was not heard to the end, or not counted.
    """

    seconds: float
    text: str = ""
    model: str = ""
    first: float | None = None
    error: BackendError | None = None
    reasoned: bool = False
    usage: Usage | None = None


async def short_reply(
    server: Server,
    clock: Clock,
    *,
    tokens: int = BUDGET,
    enough: int = ENOUGH,
    patience: float = PATIENCE,
) -> ShortReply:
    """Ask for a reply of at most so many tokens, and leave after so many characters.

    With `enough` 0 the first token is enough, also one of reasoning.
    """
    started = clock.monotonic()
    first, text, model, reasoned = None, "", "", False
    usage, error = None, None
    try:
        async with closing(server.stream(_request(server, tokens), started + patience)) as deltas:
            async for delta in deltas:
                if first is None and (delta.text or delta.reasoning):
                    first = clock.monotonic() - started
                text += delta.text
                model = delta.model or model
                reasoned = reasoned or bool(delta.reasoning)
                usage = delta.usage or usage
                if (enough and len(text) >= enough) or (not enough and first is not None):
                    break
    except BackendError as exc:
        error = exc
    seconds = clock.monotonic() - started
    return ShortReply(seconds, text, model, first, error, reasoned, usage)


def _request(server: Server, tokens: int) -> ChatRequest:
    """Never more tokens than the profile allows: what it cannot do, the check shall not do."""
    sampler, half = server.profile.sampler, server.profile.window // 2
    most = min(tokens, half, sampler.max_completion_tokens or tokens)
    question = ChatMessage("user", say("Say hello in one short sentence."))
    return ChatRequest((question,), max_tokens=most)
