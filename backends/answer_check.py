"""The dearest rung of a check: whether the model itself answers."""

from backends.address import is_local
from backends.remote import result_of
from backends.server import Server
from backends.short_reply import ShortReply, short_reply
from roleplay.errors import BackendError, EmptyReply, TimedOut
from roleplay.ladder import Completion
from roleplay.phrases import say
from roleplay.ports import Clock, ProbeResult

PATIENCE = 120.0
"""Seconds for the first token: a local server may have to load its model."""

COLD_START = 600.0
"""Seconds for which a local server that gives no token counts as starting, not as down."""


class AnswerCheck:
    """Remembers of one profile whether its model reasons, and since when it has been loading."""

    def __init__(self, clock: Clock) -> None:
        self.reasons = False
        self._clock = clock
        self._cold_since: float | None = None

    async def ask(self, server: Server, tokens: int) -> tuple[Completion, BackendError | None]:
        """One answer, left at its first token; and the error that came instead, if one did."""
        reply = await short_reply(server, self._clock, tokens=tokens, enough=0, patience=PATIENCE)
        self.reasons = self.reasons or reply.reasoned or isinstance(reply.error, EmptyReply)
        usage = reply.usage
        if usage is None:
            return Completion(self._result(server, reply)), reply.error
        counted = (usage.prompt_tokens, usage.completion_tokens)
        return Completion(self._result(server, reply), *counted), reply.error

    def _result(self, server: Server, reply: ShortReply) -> ProbeResult:
        name, error = server.profile.name, reply.error
        spoke = error is None or isinstance(error, EmptyReply) or reply.first is not None
        if spoke:
            self._cold_since = None
            return ProbeResult(name, "up", reply.seconds, host=True, listed=True, answered=True)
        if self._loads(server, error):
            return ProbeResult(
                name,
                "starting",
                reply.seconds,
                "loading",
                say("No token came in {seconds} s.", seconds=round(reply.seconds)),
                host=True,
            )
        told = result_of(name, error, reply.seconds)
        if told.state != "up":
            return told_of_answer(told)
        return told

    def _loads(self, server: Server, error: BackendError | None) -> bool:
        """A cold start takes minutes; one that takes longer than any is none."""
        waits = isinstance(error, TimedOut) and error.timer in ("first_token", "total")
        if not (waits and is_local(server.profile.base_url)):
            return False
        now = self._clock.monotonic()
        if self._cold_since is None:
            self._cold_since = now
        return now - self._cold_since < COLD_START


def told_of_answer(found: ProbeResult) -> ProbeResult:
    """The same as the word of the model, not of its server alone."""
    return ProbeResult(
        found.profile,
        found.state,
        found.seconds,
        found.code,
        found.detail,
        found.hint,
        answered=True,
    )
