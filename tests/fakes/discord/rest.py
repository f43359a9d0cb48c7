"""The REST side: every request is recorded, limited, made to fail if so scripted, then served."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from fakes.discord.faults import Fault, Faults
from fakes.discord.limits import Limits, Verdict
from fakes.discord.world import ApiError, Json, World

PREFIX = "/api/v10"


@dataclass(slots=True)
class Call:
    """One request, as received; `status` None: not answered yet, 0: the connection was reset."""

    route: str
    path: str
    at: float
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: list[str] = field(default_factory=list[str])
    status: int | None = None

    def id(self, name: str) -> int:
        return int(self.ids[name])

    @property
    def major(self) -> str:
        """What Discord counts a bucket by."""
        return self.ids.get("channel") or self.ids.get("webhook") or ""


Handler = Callable[[Call], Any]
"""Returns what becomes JSON, or None for 204."""

Routes = Mapping[str, Handler]
"""`METHOD /path/{with}/{names}` -> its handler."""


class Rest:
    """Serves `Routes`; every request of the process under test is kept in `calls`."""

    def __init__(self, world: World, limits: Limits | None) -> None:
        self._world = world
        self._limits = limits
        self.faults = Faults()
        self.calls: list[Call] = []

    def add(self, router: web.UrlDispatcher, routes: Routes) -> None:
        for route, handler in routes.items():
            method, path = route.split(" ")
            router.add_route(method, PREFIX + path, self._serving(route, handler))

    def _serving(self, route: str, handler: Handler) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = Call(route, request.path, time.monotonic(), request.match_info, request.query)
            await read_body(request, call)
            self.calls.append(call)
            self._world.bell.ring()
            try:
                response = await self._answer(request, call, handler)
            except ApiError as error:
                response = answer({"message": str(error), "code": error.code}, error.status)
            call.status = response.status
            self._world.bell.ring()
            return response

        return serve

    async def _answer(self, request: web.Request, call: Call, handler: Handler) -> web.Response:
        verdict = self._limits.check(call.route, call.major) if self._limits else None
        if verdict and verdict.wait:
            return limited(verdict)
        if (fault := self.faults.take(call.route)) is not None:
            return await self._fail(request, call, handler, fault)
        self._authorize(request, call)
        return answer(handler(call), headers=verdict.headers if verdict else None)

    async def _fail(
        self, request: web.Request, call: Call, handler: Handler, fault: Fault
    ) -> web.Response:
        await asyncio.sleep(fault.seconds)
        done = handler(call) if fault.stored else None
        if fault.gate:
            await fault.gate.wait()
        if fault.status == 0:
            return answer(done or handler(call))
        if fault.status is None:
            tear_down(request)
            call.status = 0
            self._world.bell.ring()
            raise asyncio.CancelledError
        if isinstance(fault.body, str):
            return web.Response(
                status=fault.status,
                text=fault.body,
                content_type="text/html",
                headers=fault.headers,
            )
        return answer(fault.body, fault.status, fault.headers)

    def _authorize(self, request: web.Request, call: Call) -> None:
        carries_its_own = "{token}" in call.route
        if (
            not carries_its_own
            and request.headers.get("Authorization") != f"Bot {self._world.token}"
        ):
            raise ApiError(401, 0, "401: Unauthorized")


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON with the exact content type discord.py looks for."""
    if data is None:
        return web.Response(status=204, headers=headers)
    body = json.dumps(data).encode()
    kind = {"Content-Type": "application/json"}
    return web.Response(body=body, status=status, headers={**kind, **(headers or {})})


def limited(verdict: Verdict) -> web.Response:
    body = {
        "message": "You are being rate limited.",
        "retry_after": verdict.wait,
        "global": verdict.everywhere,
    }
    headers = {"Via": "1.1 google", "Retry-After": f"{verdict.wait:.3f}"}
    return answer(body, 429, {**verdict.headers, **headers})


def tear_down(request: web.Request) -> None:
    """Reset the connection rather than close it."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def read_body(request: web.Request, call: Call) -> None:
    """JSON, or the `payload_json` of a form with files."""
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "payload_json":
                call.body = json.loads(await part.text())
            else:
                await part.read()
                call.files.append(part.filename or "")
    elif request.can_read_body:
        call.body = await request.json()


def attachments(call: Call, world: World) -> list[Json]:
    return [
        {
            "id": str(world.snowflake()),
            "filename": name,
            "size": 1,
            "url": f"http://127.0.0.1/{name}",
            "proxy_url": f"http://127.0.0.1/{name}",
        }
        for name in call.files
    ]
