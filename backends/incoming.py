"""The body of an answer, as the pieces a dialect reads out of it."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TypeVar

from backends.dialect import Dialect, ErrorInReply, Frame, Refusal
from backends.fault import looks_like_html
from backends.http import HttpReply
from backends.redact import showable
from roleplay.chat import Delta
from roleplay.errors import BadResponse
from roleplay.phrases import say

Read = TypeVar("Read")

UNREADABLE = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)

BEGINNING = 4096
"""Bytes kept for the case that no frame comes of them."""


class Refused(Exception):  # a signal inside this package, translated where it is caught
    """The server's error, not yet classified. `learned`: its key is left out next time."""

    def __init__(self, refusal: Refusal, *, learned: bool = False) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal
        self.learned = learned


class Incoming:
    """One reply on its way. `ended`: the server said that nothing follows."""

    def __init__(self, reply: HttpReply, dialect: Dialect) -> None:
        self.ended = False
        self._reply = reply
        self._dialect = dialect

    async def deltas(self) -> AsyncGenerator[Delta]:
        """The pieces, raw.

        Raises:
            Refused: the server sent an error instead, at once or in the middle.
            BackendError: the connection or the protocol failed.
        """
        kind = self._reply.content_type
        if "html" in kind or ("json" in kind and "ndjson" not in kind):
            for delta in self._whole(await self._reply.text()):
                yield delta
            return
        async for delta in self._framed():
            yield delta

    async def _framed(self) -> AsyncGenerator[Delta]:
        reader, beginning, framed = self._dialect.reader(), bytearray(), False
        async for chunk in self._reply.chunks():
            if self.ended:
                continue  # read to the end of the body, so that the connection can be kept
            if not framed and len(beginning) < BEGINNING:
                beginning += chunk
            for frame in reader.feed(chunk):
                framed = True
                for delta in self._pieces(frame):
                    yield delta
        for frame in reader.close():
            framed = True
            for delta in self._pieces(frame):
                yield delta
        if not framed:
            for delta in self._whole(beginning.decode(errors="replace")):
                yield delta

    def _pieces(self, frame: Frame) -> Sequence[Delta]:
        self.ended = self.ended or self._dialect.ends(frame)
        return self._read(lambda: self._dialect.decode(frame), frame.data)

    def _whole(self, text: str) -> Sequence[Delta]:
        if not text.strip():
            return ()
        if looks_like_html(text):
            raise Refused(self._refusal(text))
        return self._read(lambda: self._dialect.decode_whole(text), text)

    def _read(self, read: Callable[[], Read], text: str) -> Read:
        try:
            return read()
        except ErrorInReply as exc:
            raise Refused(self._refusal(exc.body)) from exc
        except UNREADABLE as exc:
            raise unreadable(text, self._reply.url) from exc

    def _refusal(self, body: str) -> Refusal:
        return Refusal(self._reply.status, body, self._reply.headers, self._reply.url)


def unreadable(text: str, url: str) -> BadResponse:
    return BadResponse(
        say("The answer cannot be read: {text}", text=showable(text[:100]) or say("it is empty")),
        hint=say("What answers at {url} may be another kind of server.", url=url),
    )
