"""A model that begins its line with "Mira:", as the people's lines do, says it once too often."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from dataclasses import replace

from roleplay.chat import Delta, StreamEvent


async def without_label(
    events: AsyncIterator[StreamEvent], names: Iterable[str]
) -> AsyncGenerator[StreamEvent, None]:
    """The same events without the label of one of `names` at the start of each alternative.

    Text is held back only as long as it could still become a label.
    """
    labels = sorted((f"{name}:" for name in names if name), key=len, reverse=True)
    held: dict[int, str] = {}
    open_choices: set[int] = set()
    async for event in events:
        if not isinstance(event, Delta) or event.choice in open_choices:
            yield event
            continue
        text = held.pop(event.choice, "") + event.text
        if event.finish_reason is None and _may_become(text, labels):
            held[event.choice] = text
            text = ""
        elif text:
            open_choices.add(event.choice)
            text = _cut(text, labels)
        yield replace(event, text=text)
    for choice, text in held.items():
        yield Delta(_cut(text, labels), choice=choice)


def _may_become(text: str, labels: Iterable[str]) -> bool:
    """True also for a whole label: the white space after it goes with it."""
    begun = text.lstrip()
    return any(label.startswith(begun) or begun.rstrip() == label for label in labels)


def _cut(text: str, labels: Iterable[str]) -> str:
    begun = text.lstrip()
    for label in labels:
        if begun.startswith(label):
            return begun[len(label) :].lstrip()
    return text
