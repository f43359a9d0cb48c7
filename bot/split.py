"""Cut a text into Discord messages. Pure, and stable while the text grows.

A cut depends only on the text that fits before it, so text that stands in a message stays there
when more arrives: only the last piece changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.markdown import LINK, Open, open_at_end

LIMIT = 2000
"""Discord's limit of a message, in code points."""

ROOM = LIMIT - 20
"""For text and reopened styles; the rest is kept for closing them."""

HALF = ROOM // 2

PARAGRAPH = re.compile(r"(?=\n[^\S\n]*\n)")
LINE = re.compile(r"(?=\n)")
SENTENCE = re.compile(r"[.!?…][\"'”’»*_~|)\]]*(?=\s)|[。！？][」』”]?")  # noqa: RUF001 - CJK stops
WORD = re.compile(r"(?=\s)")

PROSE = ((PARAGRAPH, HALF), (LINE, HALF), (SENTENCE, HALF), (WORD, ROOM // 4))
CODE = ((LINE, HALF), (WORD, HALF))
"""Where to cut, best first, and how much of a message it must fill."""

WHOLE = re.compile(
    rf"\[[^\]\n]{{1,200}}\]\(\S+\)|{LINK}|<[at:@#/][^\s<>]{{0,60}}(?:>|$)|[*_~|`]{{2,}}|\\."
)
"""Links, custom emoji, mentions, runs of style: not cut inside where avoidable."""

JOINED = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u200d]"
)
"""Code points that belong to the one before: accents, variants, skin tones, the joiner."""

FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+$")
JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Piece:
    """One Discord message. The `text` of all pieces, joined, is the whole text.

    `shown` is what to send: the styles of the piece before reopened, its own closed, and no space
    around it.
    """

    text: str
    shown: str


def split(text: str, *, note: str = "", spare: int = 0) -> tuple[Piece, ...]:
    """The pieces of `text`; none where there is nothing visible in it.

    `note` is a line of ours below the last piece. It moves no cut but may add one. `spare` is how
    many code points, 100 at the most, the first piece leaves free.
    """
    pieces = list(_pieces(text, len(note) + 1 if note else 0, ROOM - spare))
    if pieces and note:
        last = pieces.pop()
        pieces.append(Piece(last.text, f"{last.shown}\n{note}"))
    return tuple(pieces)


def _pieces(text: str, note_length: int, room: int) -> Iterator[Piece]:
    begin, start, end = 0, _after_space(text, 0), len(text.rstrip())
    opening = ""
    while start < end:
        cut = _cut(text[start:end], room - len(opening), note_length, opening) + start
        room = ROOM
        raw = opening + text[start:cut].rstrip()
        left = open_at_end(raw)
        start, opening = (len(text), "") if cut == end else _resume(text, cut, left)
        yield Piece(text[begin:start], raw + left.closing(raw))
        begin = start


def _resume(text: str, cut: int, left: Open) -> tuple[int, str]:
    """Where the next piece starts and what it begins with; indentation of code is kept."""
    if left.code != "```":
        return _after_space(text, cut), left.reopening
    start = cut + text.startswith("\n", cut)
    if text.startswith("```", start):
        return _after_space(text, start + 3), "".join(left.styles)
    return start, left.reopening


def _after_space(text: str, at: int) -> int:
    return len(text) - len(text[at:].lstrip())


def _cut(rest: str, room: int, note_length: int, opening: str) -> int:
    """How much of `rest` goes into one piece; all of it only with `note_length` to spare."""
    if len(rest) + note_length <= room:
        return len(rest)
    if len(rest) <= room:
        room -= note_length
    window = rest[: room + 1]
    state = open_at_end(opening + window[:room])
    if state.code and state.code_at - len(opening) > HALF:
        return state.code_at - len(opening)
    uncut = [match.span() for match in WHOLE.finditer(window)]
    for boundary, least in CODE if state.code == "```" else PROSE:
        found = [match.end() for match in boundary.finditer(window, least) if match.end() <= room]
        whole = [at for at in found if not _inside(at, uncut)]
        if whole:
            return whole[-1]
    return _hard_cut(window, room, uncut)


def _inside(at: int, spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    return next((span for span in spans if span[0] < at < span[1]), None)


def _hard_cut(window: str, room: int, uncut: list[tuple[int, int]]) -> int:
    """The last place that tears neither a link nor an emoji apart, else simply `room`."""
    span = _inside(room, uncut)
    if span and span[0] >= HALF:
        return span[0]
    at = room
    while at > HALF and _joined(window, at):
        at -= 1
    return at if at > HALF else room


def _joined(window: str, at: int) -> bool:
    """Do the code points on both sides of `at` make one character?"""
    flags = FLAG.search(window, 0, at)
    half_flag = flags is not None and (at - flags.start()) % 2 == 1 and FLAG.match(window[at])
    return bool(JOINED.match(window[at]) or window[at - 1] == JOINER or half_flag)
