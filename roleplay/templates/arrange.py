"""Messages put in the order and the roles that a template can write."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from roleplay.chat import ChatMessage
from roleplay.templates.template import Template


def arrange(
    messages: Sequence[ChatMessage], template: Template
) -> tuple[str, Sequence[ChatMessage]]:
    """The opening's text, "" where the template has none, and the turns that follow it."""
    first: list[ChatMessage] = []
    if template.opening:
        first = list(takewhile(lambda message: message.role == "system", messages))
    turns = list(messages[len(first) :])
    if template.system is None:
        turns = fold(turns)
    if template.filler:
        turns = begin_with_user(turns, template.filler)
    if template.alternate:
        turns = merge(turns)
    return _joined(first) or template.default_system, turns


def fold(messages: Iterable[ChatMessage]) -> list[ChatMessage]:
    """System notes as part of the next user turn; of the last one where none follows."""
    turns: list[ChatMessage] = []
    notes: list[ChatMessage] = []
    for message in messages:
        if message.role == "system":
            notes.append(message)
        elif message.role == "user":
            turns.append(replace(message, text=_joined([*notes, message])))
            notes = []
        else:
            turns.append(message)
    if notes and turns and turns[-1].role == "user":
        turns[-1] = replace(turns[-1], text=_joined([turns[-1], *notes]))
    elif notes:
        turns.append(ChatMessage("user", _joined(notes)))
    return turns


def begin_with_user(turns: list[ChatMessage], filler: str) -> list[ChatMessage]:
    """A greeting stays the character's: somebody says the filler before it."""
    place = next((i for i, turn in enumerate(turns) if turn.role != "system"), len(turns))
    if place < len(turns) and turns[place].role == "user":
        return turns
    return [*turns[:place], ChatMessage("user", filler), *turns[place:]]


def merge(turns: Iterable[ChatMessage]) -> list[ChatMessage]:
    """Neighbours of one role as one turn."""
    groups = [list(group) for _, group in groupby(turns, key=lambda turn: turn.role)]
    return [replace(group[-1], text=_joined(group)) for group in groups]


def _joined(messages: Iterable[ChatMessage]) -> str:
    return "\n".join(message.text for message in messages)
