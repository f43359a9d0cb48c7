"""Newline-delimited JSON: bytes in, a frame for each line out, however the bytes were cut."""

from backends.dialect import Frame
from roleplay.errors import BadResponse
from roleplay.phrases import say

LONGEST_LINE = 1 << 20
"""Bytes of one line."""


class NdjsonReader:
    """A `FrameReader` for one reply. Empty lines are no frames."""

    def __init__(self) -> None:
        self._tail = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The lines that these bytes complete."""
        lines = data.split(b"\n")
        if len(lines) > 1:
            lines[0] = bytes(self._tail) + lines[0]
            self._tail.clear()
        self._tail += lines.pop()
        for size in (len(self._tail), *map(len, lines)):
            _check(size)
        return [Frame(text) for line in lines if (text := _text(line))]

    def close(self) -> list[Frame]:
        text = _text(bytes(self._tail))
        self._tail.clear()
        return [Frame(text)] if text else []


def _text(line: bytes) -> str:
    return line.decode("utf-8-sig", errors="replace").strip("\r\n\t ")


def _check(size: int) -> None:
    if size > LONGEST_LINE:
        raise BadResponse(
            say("The server sent a line of more than 1 MiB."),
            hint=say("What answers there may be another kind of server."),
        )
