"""A reply that was begun and is gone on with: how servers are asked, and what is new in it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field, replace

from roleplay.chat import ChatMessage, ChatRequest, Delta
from roleplay.closing import closing

NUDGE = "[Go on with your last message from where it stops. Repeat none of it.]"
"""Said by the user where the server would answer a last message of the assistant with a new one."""

TELLING = 12
"""Characters. What is shorter may well be said twice; a longer repetition is none of the story."""

CLOSING = ",.;:!?…)]}%’”"  # noqa: RUF001 - typographic quotes
ENDING = '.!?…"”)*_~'


@dataclass(frozen=True, slots=True)
class Prefill:
    """The server goes on with a last message by the assistant.

    `repeats`: the reply begins with that message once more, however short it is. `body` and
    `message` are keys that the request and the message need for it.
    """

    repeats: bool = False
    body: Mapping[str, object] = field(default_factory=dict[str, object])
    message: Mapping[str, object] = field(default_factory=dict[str, object])


PLAIN = Prefill()
"""For a prompt that is one text: it ends where the reply stops, and servers go on with it."""


def prepared(request: ChatRequest, prefill: Prefill | None) -> ChatRequest:
    """The request as this server understands it: as it is, or with a nudge."""
    if prefill or not request.continues:
        return request
    nudge = ChatMessage("user", NUDGE)
    return replace(request, messages=(*request.messages, nudge), continues=False)


async def rest_of(
    begun: str, deltas: AsyncIterator[Delta], prefill: Prefill | None
) -> AsyncGenerator[Delta]:
    """Only what is new, such that `begun` and it make the whole text.

    `prefill` None: the model was asked in words, and may have begun again or at a new word.
    """
    joints: dict[int, _Joint] = {}
    async with closing(deltas) as source:
        async for delta in source:
            if delta.text or delta.finish_reason:
                joint = joints.setdefault(delta.choice, _Joint(begun, prefill))
                text = joint.feed(delta.text, over=delta.finish_reason is not None)
                yield replace(delta, text=text)
            else:
                yield delta


class _Joint:
    """The place in one choice where the new text meets the old."""

    def __init__(self, begun: str, prefill: Prefill | None) -> None:
        self._begun = begun
        self._asked = prefill is None
        repeats = prefill is not None and prefill.repeats
        self._repeated = begun if repeats or len(begun) >= TELLING else ""
        self._held = ""
        self._met = False

    def feed(self, text: str, *, over: bool) -> str:
        if self._met:
            return text
        self._held += text
        said = self._held.lstrip()
        if self._repeated.startswith(said) and said != self._repeated:
            return self._end() if over else ""
        rest = said.removeprefix(self._repeated) if self._repeats(said) else self._held
        if not rest.strip() and not over:
            return ""
        self._met = True
        return self._joined(rest)

    def _repeats(self, said: str) -> bool:
        return bool(self._repeated) and said.startswith(self._repeated)

    def _end(self) -> str:
        """The reply ended inside what may have been a repetition."""
        said, self._met = self._held, True
        return self._joined(said) if self._asked and len(said.strip()) < TELLING else ""

    def _joined(self, rest: str) -> str:
        if not rest or rest[0].isspace() or self._begun[-1:].isspace():
            return rest
        if self._asked:
            return rest if rest[0] in CLOSING else f" {rest}"
        return f" {rest}" if self._begun[-1:] in ENDING and rest[0].isalnum() else rest
