"""One short real reply, from a server and nobody else: no retry, no fallback."""

from dataclasses import dataclass

from backends.server import Server
from roleplay.chat import ChatMessage, ChatRequest
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
    """`first` is seconds to the first token, also one of reasoning; `error` what came instead."""

    seconds: float
    text: str = ""
    model: str = ""
    first: float | None = None
    error: BackendError | None = None


async def short_reply(server: Server, clock: Clock) -> ShortReply:
    started = clock.monotonic()
    first, text, model = None, "", ""
    try:
        async with closing(server.stream(_request(server), started + PATIENCE)) as deltas:
            async for delta in deltas:
                if first is None and (delta.text or delta.reasoning):
                    first = clock.monotonic() - started
                text += delta.text
                model = delta.model or model
                if len(text) >= ENOUGH:
                    break
    except BackendError as error:
        return ShortReply(clock.monotonic() - started, text, model, first, error)
    return ShortReply(clock.monotonic() - started, text, model, first)


def _request(server: Server) -> ChatRequest:
    """Never more tokens than the profile allows: what it cannot do, the check shall not do."""
    sampler, half = server.profile.sampler, server.profile.window // 2
    most = min(BUDGET, half, sampler.max_completion_tokens or BUDGET)
    question = ChatMessage("user", say("Say hello in one short sentence."))
    return ChatRequest((question,), max_tokens=most)
