"""A whole reply: the collected stream."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from roleplay.alternatives import Alternatives
from roleplay.chat import Attempt, ChatReply, Delta, FinishReason, StreamEvent, Usage
from roleplay.closing import closing
from roleplay.errors import BackendError, StreamBroken
from roleplay.usage import settled


@dataclass(slots=True)
class Collector:
    """Takes the events of one stream one by one; `reply` is what came of them so far.

    Of several choices the first is the reply, the others are its alternatives.
    """

    attempts: list[Attempt] = field(default_factory=list[Attempt])
    _text: list[str] = field(default_factory=list[str])
    _reasoning: list[str] = field(default_factory=list[str])
    _finish: FinishReason | None = None
    _usage: Usage | None = None
    _model: str = ""
    _served_by: str = ""
    _alternatives: Alternatives = field(default_factory=Alternatives)

    def take(self, event: StreamEvent) -> None:
        if isinstance(event, Attempt):
            self.attempts.append(event)
        else:
            self._take_delta(event)

    def _take_delta(self, delta: Delta) -> None:
        self._usage = delta.usage or self._usage
        self._model = delta.model or self._model
        self._served_by = delta.served_by or self._served_by
        self._alternatives.add(delta)
        if delta.choice == 0:
            self._text.append(delta.text)
            self._reasoning.append(delta.reasoning)
            self._finish = delta.finish_reason or self._finish

    @property
    def text(self) -> str:
        return "".join(self._text)

    def reply(self) -> ChatReply:
        """A stream that gave no finish reason was cut."""
        reasoning = "".join(self._reasoning)
        return ChatReply(
            text=self.text,
            finish_reason=self._finish or "cut",
            served_by=self._served_by or (self.attempts[-1].profile if self.attempts else ""),
            model=self._model,
            reasoning=reasoning,
            usage=settled(self._usage, self.text, reasoning),
            attempts=tuple(self.attempts),
            alternatives=self._alternatives.texts,
        )


async def collect(events: AsyncIterator[StreamEvent]) -> ChatReply:
    """Read a stream to its end. A broken stream gives what came before, finished as "cut".

    Raises:
        BackendError: nobody answered; its `attempts` hold every request that was sent.
    """
    collector = Collector()
    try:
        async with closing(events) as stream:
            async for event in stream:
                collector.take(event)
    except StreamBroken:
        return replace(collector.reply(), finish_reason="cut")
    except BackendError as error:
        error.attempts = tuple(collector.attempts)
        raise
    return collector.reply()
