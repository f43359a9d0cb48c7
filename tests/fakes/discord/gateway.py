"""The gateway: sessions that outlive their connections, so that a client can resume."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from fakes.discord.rest import tear_down
from fakes.discord.world import Json, Message, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11

PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
MESSAGE_CONTENT = 1 << 15
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
BAD_TOKEN, DISALLOWED_INTENTS = 4004, 4014
ENDS_SESSION = (1000, 1001)


class Connection:
    """One WebSocket; frames leave it in order. `silent`: a zombie, nothing leaves any more."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._outbox: asyncio.Queue[str | int] = asyncio.Queue()
        self.silent = False
        self.closing = False

    def send(
        self, op: int, data: Any = None, event: str | None = None, seq: int | None = None
    ) -> None:
        if not self.silent:
            frame = {"op": op, "d": data, "t": event, "s": seq}
            self._outbox.put_nowait(json.dumps(frame))

    def close(self, code: int) -> None:
        """After all that was sent before."""
        self.closing = True
        self._outbox.put_nowait(code)

    def reset(self) -> None:
        tear_down(self._request)

    async def end(self, pump: asyncio.Task[None]) -> None:
        """Let a close frame of ours out, else stop at once."""
        if not self.closing:
            pump.cancel()
        await asyncio.wait([pump])

    async def pump(self) -> None:
        with contextlib.suppress(ConnectionError):
            while isinstance(item := await self._outbox.get(), str):
                await self._socket.send_str(item)
            await self._socket.close(code=item)


@dataclass(slots=True)
class Session:
    """What Discord remembers of a client between its connections."""

    id: str
    intents: int
    connection: Connection | None
    seq: int = 0
    log: list[tuple[int, str, Json]] = field(default_factory=list[tuple[int, str, Json]])

    def dispatch(self, event: str, data: Json) -> None:
        self.seq += 1
        self.log.append((self.seq, event, data))
        if self.connection:
            self.connection.send(DISPATCH, data, event, self.seq)

    def replay(self, after: int) -> None:
        for seq, event, data in self.log:
            if self.connection and seq > after:
                self.connection.send(DISPATCH, data, event, seq)


@dataclass(frozen=True, slots=True)
class Hello:
    """An IDENTIFY or a RESUME that arrived, at a monotonic second."""

    at: float
    data: Json


class Gateway:
    """Where events leave. `refuse` holds close codes for the next IDENTIFYs, in order."""

    def __init__(self, world: World, *, heartbeat_seconds: float = 41.25) -> None:
        self._world = world
        self._heartbeat_ms = int(heartbeat_seconds * 1000)
        self._connections: set[Connection] = set()
        self._sessions: dict[str, Session] = {}
        self.url = ""
        self.refuse: list[int] = []
        self.identifies: list[Hello] = []
        self.resumes: list[Hello] = []
        self.resumed = 0
        self.readies = 0
        world.listeners.append(self._emit)

    @property
    def connected(self) -> bool:
        """Whether any session is on line."""
        return any(session.connection for session in self._sessions.values())

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.add(connection)
        pump = asyncio.create_task(connection.pump())
        connection.send(HELLO, {"heartbeat_interval": self._heartbeat_ms})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(connection, json.loads(frame.data))
        finally:
            await connection.end(pump)
            self._drop(connection, socket.close_code)
        return socket

    def _drop(self, connection: Connection, close_code: int | None) -> None:
        self._connections.discard(connection)
        for session in self._of(connection):
            session.connection = None
            if close_code in ENDS_SESSION and not connection.closing:
                del self._sessions[session.id]
        self._world.bell.ring()

    def _of(self, connection: Connection) -> Iterator[Session]:
        return (s for s in list(self._sessions.values()) if s.connection is connection)

    def _receive(self, connection: Connection, frame: Json) -> None:
        match frame["op"]:
            case 1:
                connection.send(ACK)
            case 2:
                self._identify(connection, frame["d"])
            case 6:
                self._resume(connection, frame["d"])
            case _:
                pass
        self._world.bell.ring()

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append(Hello(time.monotonic(), data))
        if code := self._refusal(data):
            connection.close(code)
            return
        session = Session(f"session-{len(self.identifies)}", data["intents"], connection)
        self._sessions[session.id] = session
        session.dispatch("READY", self._ready(session))
        session.dispatch("GUILD_CREATE", self._world.guild_payload())
        self.readies += 1

    def _refusal(self, data: Json) -> int:
        if self.refuse:
            return self.refuse.pop(0)
        if data["token"] != self._world.token:
            return BAD_TOKEN
        granted = MESSAGE_CONTENT if self._world.message_content_granted else 0
        return DISALLOWED_INTENTS if data["intents"] & PRIVILEGED & ~granted else 0

    def _ready(self, session: Session) -> Json:
        bot = self._world.bot
        return {
            "v": 10,
            "user": bot.payload(),
            "guilds": [{"id": str(self._world.guild_id), "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(bot.id), "flags": 0},
        }

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append(Hello(time.monotonic(), data))
        session = self._sessions.get(data["session_id"])
        if session is None:
            connection.send(INVALID, data=False)
            return
        session.connection = connection
        session.replay(data["seq"])
        session.dispatch("RESUMED", {})
        self.resumed += 1

    def _emit(self, event: str, data: Json, message: Message | None) -> None:
        for session in self._sessions.values():
            if message is None:
                session.dispatch(event, data)
            elif session.intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES):
                session.dispatch(event, self._visible(session, data, message))

    def _visible(self, session: Session, data: Json, message: Message) -> Json:
        """Without its content where the session has no right to it."""
        bot = self._world.bot
        open_to_it = message.author is bot or f"<@{bot.id}>" in message.content
        if session.intents & MESSAGE_CONTENT or open_to_it or "guild_id" not in data:
            return data
        return data | {"content": "", "embeds": [], "components": [], "attachments": []}

    def close(self, code: int) -> None:
        """End every connection with a close code; sessions can be resumed."""
        for connection in self._connections:
            connection.close(code)

    def reset(self) -> None:
        """Tear every connection down without a word."""
        for connection in self._connections:
            connection.reset()

    def ask_to_reconnect(self) -> None:
        """Op 7."""
        for connection in self._connections:
            connection.send(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9. Unless `resumable`, what happens until the next IDENTIFY is lost to the client."""
        for connection in self._connections:
            connection.send(INVALID, data=resumable)
        if not resumable:
            self._sessions.clear()

    def go_silent(self) -> None:
        """Leave the present connections open and dead: no event, no ACK."""
        for connection in self._connections:
            connection.silent = True
