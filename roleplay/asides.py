"""What people say out of character: to each other, not in the story."""

from collections.abc import Sequence
from dataclasses import dataclass

MARKERS = ("((...))", "//")
"""Around a remark, or before a whole message."""

GAP = "..."


@dataclass(frozen=True, slots=True)
class Asides:
    """`markers` with "..." stand around a remark; others begin a message that is one as a whole."""

    markers: tuple[str, ...] = MARKERS

    def is_aside(self, text: str) -> bool:
        """Nothing of it belongs to the story."""
        begins = tuple(marker for marker in self.markers if GAP not in marker)
        return text.lstrip().startswith(begins) or (bool(text.strip()) and not self.cut(text))

    def cut(self, text: str) -> str:
        """The text without the remarks in it. One that is not closed is none."""
        for marker in self.markers:
            opening, gap, closing = marker.partition(GAP)
            if gap and opening and closing:
                text = _joined(_outside(text, opening, closing))
        return text.strip()


PLAIN_ASIDES = Asides()


def _outside(text: str, opening: str, closing: str) -> list[str]:
    """What stands before, between and after the remarks."""
    pieces: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        end += len(closing)
        while text.startswith(closing[-1], end):  # ")))": the remark ended with a bracket
            end += 1
        pieces.append(text[at:start])
        at = end
    return [*pieces, text[at:]]


def _joined(pieces: Sequence[str]) -> str:
    """Without a remark the spaces on both of its sides become one."""
    text = pieces[0]
    for piece in pieces[1:]:
        spaced = text[-1:].isspace() and piece[:1] == " "
        text += piece[1:] if spaced else piece
    return text
