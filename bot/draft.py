"""A reply as it is heard, piece by piece."""

from roleplay.alternatives import Alternatives
from roleplay.chat import Attempt, ChatReply, Delta, FinishReason, StreamEvent, Usage
from roleplay.usage import settled


class Draft:
    """Gathers one stream's events; what is shown is the first of several choices.

    `is_visible` once there is more in `text` than space, beside what was `begun` before.
    """

    def __init__(self, begun: str = "") -> None:
        self.text = begun
        self._begun = begun
        self.is_visible = False
        self._reasoning = ""
        self._finish_reason: FinishReason | None = None
        self._usage: Usage | None = None
        self._model = ""
        self._served_by = ""
        self._alternatives = Alternatives()
        self._attempts: list[Attempt] = []

    def add(self, event: StreamEvent) -> None:
        if isinstance(event, Attempt):
            self._attempts.append(event)
        else:
            self._alternatives.add(event)
            if event.choice == 0:
                self._add(event)

    def _add(self, delta: Delta) -> None:
        self.text += delta.text
        self.is_visible = self.is_visible or bool(delta.text.strip())
        self._reasoning += delta.reasoning
        self._finish_reason = delta.finish_reason or self._finish_reason
        self._usage = delta.usage or self._usage
        self._model = delta.model or self._model
        self._served_by = delta.served_by or self._served_by

    def reply(self, finish_reason: FinishReason | None = None) -> ChatReply:
        """What was heard; `finish_reason` overrules the stream's own."""
        return ChatReply(
            text=self.text,
            finish_reason=finish_reason or self._finish_reason or "stop",
            served_by=self._served_by,
            model=self._model,
            reasoning=self._reasoning,
            usage=settled(self._usage, self.text[len(self._begun) :], self._reasoning),
            attempts=tuple(self._attempts),
            alternatives=self._alternatives.texts,
        )
