"""The history as blocks, with what is put among it by depth."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from roleplay.chat import Role
from roleplay.lorebooks.book import Position
from roleplay.prompt import Block
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.placed import DepthText
from roleplay.prompting.priorities import HISTORY, LORE, MEMORIES, REQUIRED, SPARE
from roleplay.prompting.spoken import spoken_line
from roleplay.prompting.values import Values
from roleplay.steady import landmark
from roleplay.transcript import StoredMessage

ORDER: tuple[Role, ...] = ("assistant", "user", "system")
"""Of what stands at one depth, as SillyTavern has it."""

SLACK = 8
"""What part of a history that goes on before its beginning is given up for a steady one."""

Placed = tuple[int, Block]
"""A block and how many messages follow it."""


def history_blocks(here: Ingredients, values: Values, note: Block | None) -> list[Block]:
    """Oldest first. The newest message is required: a turn without it would answer nobody."""
    messages = steady(here.history) if here.older else here.history
    last = len(messages) - 1
    lines = [
        _line(here, message, REQUIRED if place == last else HISTORY + place)
        for place, message in enumerate(messages)
    ]
    return _woven(lines, list(_placed(here, values, note)))


def steady(history: Sequence[StoredMessage]) -> Sequence[StoredMessage]:
    """Without the first few, so that it begins with the same message for several turns."""
    some = [message.id for message in history[: len(history) // SLACK]]
    return history[landmark(some) :] if some else history


def _line(here: Ingredients, message: StoredMessage, priority: int) -> Block:
    """Characters are named, too, where there are several."""
    text, name, counts = spoken_line(message), message.author_name, message.counts
    if message.role == "assistant" and (here.in_group or name != here.speaker.name):
        text = f"{name}: {text}"
        counts = {each: tokens + _label_tokens(name) for each, tokens in counts.items()}
    return Block("history", message.role, text, priority, counts, name, message.id)


def _label_tokens(name: str) -> int:
    """Rather too many than too few: the name, the colon."""
    return len(name) // 3 + 2


def _placed(here: Ingredients, values: Values, note: Block | None) -> Iterator[Placed]:
    if note and (here.note is None or here.note.place == "chat"):
        yield here.note.depth if here.note else 4, note
    if here.memories:
        yield _at(here.memories, "memories", here.memories.text, MEMORIES)
    if card_note := here.speaker.card.depth_prompt:
        at = DepthText(card_note.text, card_note.depth, card_note.role)
        yield _at(at, "character's note", values.expand(at.text), REQUIRED)
    for entry in here.lore.at(Position.AT_DEPTH):
        at = DepthText(entry.content, entry.depth, entry.role)
        yield _at(at, "lore at depth", entry.content, SPARE if entry.ignores_full else LORE)


def _at(place: DepthText, label: str, text: str, priority: int) -> Placed:
    return max(place.depth, 0), Block(label, place.role, text, priority)


def _woven(lines: list[Block], placed: list[Placed]) -> list[Block]:
    """What lies deeper than the history is long stands before it."""
    at: dict[int, list[Block]] = {}
    for depth, block in placed:
        if block.text:
            at.setdefault(min(depth, len(lines)), []).append(block)
    blocks: list[Block] = []
    for place in range(len(lines) + 1):
        here = at.get(len(lines) - place, [])
        blocks += _joined(sorted(here, key=lambda block: ORDER.index(block.role)))
        blocks += lines[place : place + 1]
    return blocks


def _joined(blocks: list[Block]) -> list[Block]:
    """Neighbours of one kind, such as lore entries, as one message."""
    joined: list[Block] = []
    for block in blocks:
        if joined and _kind(joined[-1]) == _kind(block):
            joined[-1] = replace(block, text=f"{joined[-1].text}\n{block.text}")
        else:
            joined.append(block)
    return joined


def _kind(block: Block) -> tuple[str, Role, int]:
    return block.label, block.role, block.priority
