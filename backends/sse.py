"""Server-sent events: bytes in, frames out, however the bytes were cut.

https://html.spec.whatwg.org/multipage/server-sent-events.html, read as loosely as servers write it:
an unterminated last frame counts, and only line feeds (with or without a carriage return) end a
line, so that U+2028 inside a text stays text.
"""

from backends.dialect import Frame
from roleplay.errors import BadResponse
from roleplay.phrases import say

LONGEST_EVENT = 1 << 20
"""Bytes of one event."""

BOM = b"\xef\xbb\xbf"


class SseReader:
    """A `FrameReader` for one reply."""

    def __init__(self) -> None:
        self._tail = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._event = ""
        self._begun = False

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        lines = data.split(b"\n")
        if len(lines) > 1:
            lines[0] = bytes(self._tail) + lines[0]
            self._tail.clear()
        self._tail += lines.pop()
        frames = [frame for line in lines if (frame := self._line(line)) is not None]
        self._check(len(self._tail))
        return frames

    def close(self) -> list[Frame]:
        lines = [bytes(self._tail), b""]
        self._tail.clear()
        return [frame for line in lines if (frame := self._line(line)) is not None]

    def _line(self, line: bytes) -> Frame | None:
        line = self._without_bom(line).removesuffix(b"\r")
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._check(len(value))
            self._size += len(value)
            self._data.append(value)
        elif name == b"event":
            self._event = value.decode(errors="replace")
        return None

    def _dispatch(self) -> Frame | None:
        data, event = self._data, self._event
        self._data, self._size, self._event = [], 0, ""
        if not data:
            return None
        return Frame(b"\n".join(data).decode(errors="replace"), event)

    def _without_bom(self, line: bytes) -> bytes:
        if self._begun:
            return line
        self._begun = True
        return line.removeprefix(BOM)

    def _check(self, more: int) -> None:
        if self._size + more > LONGEST_EVENT:
            raise BadResponse(
                say("The server sent an event of more than 1 MiB."),
                hint=say("What answers there may be another kind of server."),
            )
