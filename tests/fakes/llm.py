"""A scripted LLM server on a loopback socket: it plays one step for each chat request, in order.

    async with ScriptedLlm() as llm:
        llm.fail(503)
        llm.say("Hello", " there")
        ...                       # talk to llm.url
        assert [seen.path for seen in llm.requests] == [...]

When the script is played out, `llm.otherwise` answers. The list of models and what else is asked
for free (`llm.answers`, by path: JSON, or a function of `llm.models` that gives it) are answered
beside the script and do not use it up; `llm.sick(fail(503))` makes them play a step instead,
`llm.special[path]` one of them.
"""

import asyncio
import json
import socket
import ssl
import struct
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, cast

Json = dict[str, Any]

Piece = str | float | asyncio.Event
"""What a reply is made of: text to send, seconds to wait, or an event to wait for."""


@dataclass
class SeenRequest:
    """A request as it arrived. `gone` is set when the client left before the answer was whole."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    connection: int
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def body(self) -> Json:
        return json.loads(self.raw) if self.raw else {}


class Exchange:
    """One request and the socket its answer is written to."""

    def __init__(self, seen: SeenRequest, writer: asyncio.StreamWriter) -> None:
        self.seen = seen
        self.writer = writer
        self.keep = True

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int, headers: dict[str, str]) -> None:
        phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else "Whatever"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{k}: {v}" for k, v in headers.items())]
        await self.raw(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def whole(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        await self.head(status, {"Content-Length": str(len(body)), **headers})
        await self.raw(body)

    async def begin_stream(self) -> None:
        await self.head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})

    async def chunk(self, data: bytes) -> None:
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end_stream(self) -> None:
        await self.raw(b"0\r\n\r\n")

    async def event(self, data: Json) -> None:
        await self.chunk(b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n")

    def reset(self) -> None:
        """Close so that the client sees a reset, not an end."""
        self.keep = False
        self.writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.writer.transport.abort()


Step = Callable[[Exchange], Awaitable[None]]


def delta(text: str = "", *, index: int = 0, finish: str | None = None, **fields: Any) -> Json:
    """One chat completion chunk."""
    body: Json = {"content": text, **fields} if text else fields
    return {
        "object": "chat.completion.chunk",
        "model": "scripted",
        "choices": [{"index": index, "delta": body, "finish_reason": finish}],
    }


def usage_of(prompt: int, completion: int) -> Json:
    return {"prompt_tokens": prompt, "completion_tokens": completion}


async def play(exchange: Exchange, pieces: Sequence[Piece | Json]) -> None:
    for piece in pieces:
        match piece:
            case str():
                await exchange.event(delta(piece))
            case asyncio.Event():
                await piece.wait()
            case float() | int():
                await asyncio.sleep(piece)
            case _:
                await exchange.event(piece)


def say(*pieces: Piece | Json, finish: str = "stop", done: bool = True) -> Step:
    """Stream a reply. A dict is sent as a chunk of its own; see `Piece` for the rest."""

    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.event(delta(role="assistant", content=None))
        await play(exchange, pieces)
        await exchange.event(delta(finish=finish))
        usage = usage_of(7, len(pieces))
        await exchange.event({"model": "scripted", "choices": [], "usage": usage})
        if done:
            await exchange.chunk(b"data: [DONE]\n\n")
        await exchange.end_stream()

    return step


def cut(*pieces: Piece | Json, reset: bool = False) -> Step:
    """Begin a reply and end without a finish reason: cleanly, or by a reset."""

    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await play(exchange, pieces)
        if reset:
            exchange.reset()
        else:
            await exchange.end_stream()

    return step


def whole(text: str, **fields: Any) -> Step:
    """A reply in one JSON body, although a stream was asked for."""
    message = {"role": "assistant", "content": text, **fields}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return reply_json(
        {"model": "scripted", "choices": [choice], "usage": usage_of(7, 1)},
    )


def reply_json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Step:
    return reply(json.dumps(body).encode(), status, "application/json", headers)


def reply(
    body: bytes, status: int, content_type: str, headers: dict[str, str] | None = None
) -> Step:
    """Any answer in one piece."""

    async def step(exchange: Exchange) -> None:
        await exchange.whole(status, body, {"Content-Type": content_type, **(headers or {})})

    return step


def fail(
    status: int, body: object = None, *, code: str = "", headers: dict[str, str] | None = None
) -> Step:
    """An error status; the body is an OpenAI error object unless one is given (str: as text)."""
    if isinstance(body, str):
        return reply(body.encode(), status, "text/plain", headers)
    error = {"message": f"made up {status}", "type": "made_up", "code": code or None}
    return reply_json({"error": error} if body is None else body, status, headers)


def rate_limit(retry_after: str | None = None, header: str = "Retry-After") -> Step:
    """A 429 with Retry-After in whatever form: "2", "0.5", an HTTP date, or none."""
    headers = {} if retry_after is None else {header: retry_after}
    return fail(429, code="rate_limit_exceeded", headers=headers)


def html(status: int = 200) -> Step:
    page = b"<!DOCTYPE html><html><head><title>Hello</title></head><body>A page</body></html>"
    return reply(page, status, "text/html")


def raw(*parts: bytes | float) -> Step:
    """Bytes as they are, from the status line on, with waits between; then the socket closes."""

    async def step(exchange: Exchange) -> None:
        exchange.keep = False
        for part in parts:
            if isinstance(part, bytes):
                await exchange.raw(part)
            else:
                await asyncio.sleep(part)

    return step


def frames(*parts: bytes) -> Step:
    """The bytes of an event stream, each part a chunk of its own; then a clean end."""

    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for part in parts:
            await exchange.chunk(part)
        await exchange.end_stream()

    return step


def garbage() -> Step:
    return raw(b"\x00\xff\x13 this is not HTTP \r\n\r\n")


def reset() -> Step:
    """Take the request and drop the connection without a byte."""

    async def step(exchange: Exchange) -> None:
        exchange.reset()

    return step


def hang() -> Step:
    """Never answer; ends when the client leaves."""

    async def step(exchange: Exchange) -> None:
        await exchange.seen.gone.wait()

    return step


def drip(interval: float, comment: bytes = b": keep-alive\n\n") -> Step:
    """Comments for ever, never a token; ends when the client leaves."""

    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        while not exchange.seen.gone.is_set():
            await exchange.chunk(comment)
            await asyncio.sleep(interval)

    return step


@dataclass(frozen=True)
class Failing:
    """What `ScriptedLlm.answers` holds for a question that is refused."""

    status: int
    body: object = None


class ScriptedLlm:
    """See the module. `url` is a base URL that ends in /v1."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.requests: list[SeenRequest] = []
        self.asides: list[SeenRequest] = []
        self.models = ["scripted"]
        self.answers: dict[str, object] = {"/health": {"status": "ok"}}
        self.special: dict[str, Step] = {}
        self.otherwise: Step = say("Hello", " there", ".")
        self.connections = 0
        self._script: deque[Step] = deque()
        self._sick: Step | None = None
        self._tls = tls
        self._host = host
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}/v1"

    def next(self, *steps: Step) -> None:
        """Add steps to the script."""
        self._script.extend(steps)

    def say(self, *pieces: Piece | Json, finish: str = "stop") -> None:
        self.next(say(*pieces, finish=finish))

    def fail(self, status: int, *, times: int = 1, code: str = "") -> None:
        self.next(*[fail(status, code=code)] * times)

    def sick(self, step: Step | None) -> None:
        """What the free questions get; None: they are well again."""
        self._sick = step

    async def refuse(self) -> None:
        """Stop listening and drop every connection: from now on it refuses, until `listen`."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None

    async def listen(self) -> None:
        self._server = await asyncio.start_server(
            self._connected, self._host, self.port, ssl=self._tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.refuse()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer, self.connections)
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()
            self._tasks.discard(task)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        keep, begun = True, b""
        while keep:
            begun = begun or await reader.readexactly(1)
            if not begun.isalpha():
                writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                return
            seen = await _read_request(reader, number, begun)
            exchange = Exchange(seen, writer)
            answer = asyncio.create_task(_run(self._step(seen), exchange))
            begun = await _watch(answer, reader, seen)
            keep = exchange.keep and not seen.gone.is_set()

    def _step(self, seen: SeenRequest) -> Step:
        path = seen.path.partition("?")[0]
        if seen.method == "GET" or path in self.answers:
            self.asides.append(seen)
            return self._sick or self.special.get(path) or self._aside(path)
        self.requests.append(seen)
        return self._script.popleft() if self._script else self.otherwise

    def _aside(self, path: str) -> Step:
        if path in self.answers:
            answer = self.answers[path]
            if isinstance(answer, Failing):
                return fail(answer.status, answer.body)
            return reply_json(answer(self.models) if callable(answer) else answer)
        if path.endswith("/models"):
            return reply_json({"object": "list", "data": [{"id": name} for name in self.models]})
        return fail(404)


async def _run(step: Step, exchange: Exchange) -> None:
    with suppress(ConnectionError):
        await step(exchange)


async def _watch(
    answer: asyncio.Task[None], reader: asyncio.StreamReader, seen: SeenRequest
) -> bytes:
    """Wait for the answer; a client that leaves meanwhile sets `gone` and ends it.

    Returns what was read of the next request by listening for the end.
    """
    more = asyncio.create_task(reader.read(1))
    try:
        await asyncio.wait({answer, more}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() and (more.exception() or not more.result()):
            seen.gone.set()
            answer.cancel()
        await asyncio.wait({answer})
    finally:
        answer.cancel()
        more.cancel()
        await asyncio.gather(answer, more, return_exceptions=True)
    return more.result() if not more.cancelled() and not more.exception() else b""


async def _read_request(reader: asyncio.StreamReader, number: int, begun: bytes) -> SeenRequest:
    head = (begun + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    raw_body = await reader.readexactly(int(headers.get("content-length", "0")))
    return SeenRequest(method, path, headers, raw_body, number)
