"""The last day of each profile as one small picture; needs pillow, the extra `images`."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from roleplay.history import Bucket
from roleplay.phrases import say

HOURS = 24
MOST_ROWS = 12
"""Profiles in one picture."""

WIDTH, NAME, CELL, GRAPH, ROW, TOP = 1000, 230, 14, 350, 56, 44
"""Pixels: the picture, its columns from left to right, a row, and the headings."""

BACK, TEXT, FAINT = "#2b2d31", "#f2f3f5", "#949ba4"
UP, SHAKY, DOWN, UNKNOWN = "#23a55a", "#f0b232", "#f23f43", "#4e5058"
FIRST, TOTAL = "#5865f2", "#b5bac1"


@dataclass(frozen=True, slots=True)
class Line:
    """One profile's day: buckets of the span "hour", oldest first."""

    profile: str
    hours: Sequence[Bucket]


def draw_day(lines: Sequence[Line], now: float) -> bytes | None:
    """A PNG; None where pillow is not installed or there is nothing to draw.

    Takes some 20 ms: call it in a thread.
    """
    pillow = _pillow()
    if pillow is None or not lines:
        return None
    shown = lines[:MOST_ROWS]
    image: Any = pillow.Image.new("RGB", (WIDTH, TOP + ROW * len(shown)), BACK)
    pen = _Pen(pillow.ImageDraw.Draw(image), pillow.ImageFont)
    _headings(pen)
    for number, line in enumerate(shown):
        _row(pen, TOP + ROW * number, line, _by_hour(line.hours, now))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Pillow:
    Image: ModuleType
    ImageDraw: ModuleType
    ImageFont: ModuleType


def _pillow() -> _Pillow | None:
    try:
        from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - an extra, and only here
    except ImportError:
        return None
    return _Pillow(Image, ImageDraw, ImageFont)


class _Pen:
    """Text in two sizes, rectangles and lines."""

    def __init__(self, draw: Any, fonts: Any) -> None:
        self.draw = draw
        self._large, self._small = fonts.load_default(18), fonts.load_default(14)

    def text(self, x: int, y: int, text: str, *, faint: bool = False) -> None:
        font = self._small if faint else self._large
        self.draw.text((x, y), text, FAINT if faint else TEXT, font=font)


def _headings(pen: _Pen) -> None:
    pen.text(16, 14, say("last 24 hours"), faint=True)
    pen.text(NAME, 14, say("up, by the hour"), faint=True)
    graph = NAME + HOURS * CELL + 24
    pen.text(graph, 14, say("seconds to the first word"), faint=True)
    pen.draw.line([(graph + 190, 23), (graph + 214, 23)], FIRST, 3)
    pen.text(graph + 232, 14, say("whole reply"), faint=True)
    pen.draw.line([(graph + 322, 23), (graph + 346, 23)], TOTAL, 3)


def _row(pen: _Pen, top: int, line: Line, hours: Mapping[int, Bucket]) -> None:
    pen.text(16, top + 14, _short(line.profile))
    for hour in range(HOURS):
        left = NAME + hour * CELL
        box = (left, top + 8, left + CELL - 4, top + ROW - 10)
        pen.draw.rounded_rectangle(box, 3, _colour(hours.get(hour)))
    graph = NAME + HOURS * CELL + 24
    totals = {hour: one.mean_total for hour, one in hours.items() if one.mean_total}
    firsts = {hour: one.mean_first_token for hour, one in hours.items() if one.mean_first_token}
    most = max((*totals.values(), *firsts.values()), default=0.0)
    for seconds, colour in ((totals, TOTAL), (firsts, FIRST)):
        _curve(pen, graph, top, {hour: each / most for hour, each in seconds.items()}, colour)
    if most:
        pen.text(graph + GRAPH + 8, top + 18, say("{s} s", s=f"{most:.3g}"), faint=True)


def _curve(pen: _Pen, left: int, top: int, parts: Mapping[int, float], colour: str) -> None:
    """`parts` are heights from 0 to 1; a dot where an hour stands alone."""
    step, height = GRAPH / (HOURS - 1), ROW - 18
    points = [(left + hour * step, top + 8 + height * (1 - part)) for hour, part in parts.items()]
    if len(points) > 1:
        pen.draw.line(points, colour, 3, joint="curve")
    for x, y in points:
        pen.draw.ellipse((x - 2, y - 2, x + 2, y + 2), colour)


def _by_hour(hours: Sequence[Bucket], now: float) -> dict[int, Bucket]:
    """By their place from the left: the running hour is the last."""
    newest = int(now // 3600)
    placed = {HOURS - 1 - (newest - one.at // 3600): one for one in hours}
    return {place: one for place, one in sorted(placed.items()) if 0 <= place < HOURS}


def _colour(bucket: Bucket | None) -> str:
    uptime = bucket.uptime if bucket else None
    if uptime is None:
        return UNKNOWN
    if uptime >= 1:
        return UP
    return SHAKY if uptime >= 0.5 else DOWN


def _short(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:21]}…"
