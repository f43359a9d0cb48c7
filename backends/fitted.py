"""A prompt, fitted to one server's window and sent to it."""

import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

from backends.allowance import smaller
from backends.attempt import attempted
from backends.guess import guessed
from backends.meter import Meter
from backends.preview import Preview, Size
from backends.server import Server
from backends.truncation import cut_at, what_happened, what_to_do
from backends.window import Window
from roleplay.budget import Fitted, fit
from roleplay.chat import Attempt, ChatRequest, Delta, StreamEvent
from roleplay.closing import closing
from roleplay.errors import ContextOverflow, OutOfCredit, RequestTooBig
from roleplay.ports import Clock
from roleplay.prompt import Prompt

log = logging.getLogger(__name__)

MARGIN_AFTER_REFUSAL = 16
"""Tokens trimmed beyond the server's own numbers: templates round up."""


class FittedServer:
    """A `Backend` over one server. What the server counts and refuses makes later fits better.

    `answered` is told the model that a reply names.
    """

    def __init__(
        self,
        server: Server,
        window: Window,
        meter: Meter,
        clock: Clock,
        *,
        answered: Callable[[str], None],
    ) -> None:
        self._server = server
        self._window = window
        self._meter = meter
        self._clock = clock
        self._answered = answered
        self._warned_of_cut = False

    @property
    def name(self) -> str:
        return self._server.profile.name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        """One request, or two: what the server or the account finds too large is cut down once.

        Raises:
            ContextOverflow: what must be sent does not fit, or the trimmed prompt was refused too.
            BackendError: the server's own.
        """
        fitted = self._fit(prompt)
        try:
            async with closing(self._send(fitted, deadline)) as events:
                async for event in events:
                    yield event
        except ContextOverflow as error:
            fitted, reply = self._trim(prompt, fitted, error), None
        except (OutOfCredit, RequestTooBig) as error:
            fitted, reply = self._shrink(prompt, fitted, error)
        else:
            return
        async with closing(self._send(fitted, deadline, reply)) as events:
            async for event in events:
                yield event

    def preview(self, prompt: Prompt) -> Preview:
        """What would be sent now; nothing is sent.

        Raises:
            ContextOverflow: what must be sent does not fit.
            BadParameter: see `Server.preview`.
        """
        fitted, meter = self._fit(prompt), self._meter
        reply = self._window.reply_tokens
        kept = {id(block) for block in fitted.kept}
        return Preview(
            profile=self.name,
            window=self._window.tokens,
            reply=reply,
            margin=meter.margin(prompt.blocks, self._window.tokens - reply),
            fitted=fitted,
            sizes=tuple(
                Size(block, meter.count(block), meter.is_exact(block), id(block) in kept)
                for block in prompt.blocks
            ),
            worded=self._server.preview(self._limited(fitted, None)),
        )

    def _limited(self, fitted: Fitted, reply_tokens: int | None) -> ChatRequest:
        return replace(fitted.request, max_tokens=reply_tokens or self._window.max_tokens)

    def _fit(self, prompt: Prompt, most: int | None = None) -> Fitted:
        """Fit to the window, or to `most` tokens beside the reply where that is less."""
        window, reply = self._window.tokens, self._window.reply_tokens
        room = window - reply - self._meter.margin(prompt.blocks, window - reply)
        room = room if most is None else min(room, most)
        try:
            return fit(prompt, room + reply, reply, self._meter.count, self._meter.overhead)
        except ContextOverflow as error:
            error.profile = self.name
            raise

    async def _send(
        self, fitted: Fitted, deadline: float, reply_tokens: int | None = None
    ) -> AsyncGenerator[StreamEvent]:
        request = self._limited(fitted, reply_tokens)
        counted = 0
        sent = attempted(self._server, request, deadline, self._clock)
        async with closing(guessed(sent, fitted.tokens)) as events:
            async for event in events:
                if isinstance(event, Delta) and event.model:
                    self._answered(event.model)
                usage = event.usage if isinstance(event, Delta) else None
                if usage and usage.prompt_tokens and not usage.estimated:
                    counted = usage.prompt_tokens
                    self._learn(fitted, counted)
                yield self._noted(event, fitted, counted) if isinstance(event, Attempt) else event

    def _learn(self, fitted: Fitted, counted: int) -> None:
        """From a prompt that the server has cut there is nothing to learn."""
        if cut_at(fitted.tokens, counted) is None:
            self._meter.learn(fitted.kept, counted, fitted.overhead)

    def _noted(self, attempt: Attempt, fitted: Fitted, counted: int) -> Attempt:
        """The attempt with what we and the server left out; of the server the log is told once."""
        attempt = replace(attempt, history_left_out=fitted.history_left_out)
        window = cut_at(fitted.tokens, counted)
        if window is None:
            return attempt
        detail, hint = what_happened(fitted.tokens, counted), what_to_do(self.name, window)
        if not self._warned_of_cut:
            log.warning("%s: %s %s", self.name, detail, hint)
        self._warned_of_cut = True
        return replace(attempt, detail=detail, hint=hint)

    def _shrink(
        self, prompt: Prompt, refused: Fitted, error: OutOfCredit | RequestTooBig
    ) -> tuple[Fitted, int]:
        """What the account may allow, by the numbers that the server gave where it did."""
        allowed = smaller(error, refused.tokens, self._window.reply_tokens)
        if allowed is None:
            raise error
        log.warning(
            "%s: %s Sent again with %d tokens of prompt and %d of reply.",
            *(self.name, error, *allowed),
        )
        return self._fit(prompt, allowed[0]), allowed[1]

    def _trim(self, prompt: Prompt, refused: Fitted, error: ContextOverflow) -> Fitted:
        """Shorten by the server's own numbers where it gave them, else by a quarter."""
        if error.window:
            self._window.told(error.window)
        most = refused.tokens - _excess(refused.tokens, self._window.reply_tokens, error)
        if not error.window:
            self._window.refused(most + self._window.reply_tokens)
        trimmed = self._fit(prompt, most)
        if error.prompt_tokens:
            self._meter.learn(refused.kept, error.prompt_tokens, refused.overhead)
        log.warning(
            "%s refused a prompt as too long (%s); sent again with %d of %d blocks",
            *(self.name, error, len(trimmed.kept), len(prompt.blocks)),
        )
        return trimmed


def _excess(tokens: int, reply: int, error: ContextOverflow) -> int:
    """By how many of our own tokens a refused prompt must shrink: a tenth at least."""
    if not error.window:
        return tokens // 4
    counted = error.prompt_tokens or tokens
    over = counted + reply - error.window
    return max(over * tokens // counted + MARGIN_AFTER_REFUSAL, tokens // 10)
