"""`/healthz`, `/readyz` and `/metrics`, on loopback unless the config says otherwise."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.config.models import HttpSection
from roleplay.errors import RoleForgeError, StorageError
from roleplay.phrases import say

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1", "localhost")

Expose = Callable[[], tuple[bytes, str]]
"""The figures as Prometheus reads them, and their content type."""


class PortTaken(RoleForgeError):
    """The endpoints cannot listen where the config says."""


class Endpoints:
    """`database` raises `StorageError` where it does not answer; `connected` is about Discord.

    `expose` is None where prometheus-client is not installed.
    """

    def __init__(
        self,
        database: Callable[[], Awaitable[object]],
        connected: Callable[[], bool],
        expose: Expose | None,
    ) -> None:
        self._database = database
        self._connected = connected
        self._expose = expose

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)
        return app

    async def healthz(self, request: web.Request) -> web.Response:
        """Alive: the loop runs and the database answers. A restart helps where it does not."""
        del request
        return _answer({"database": await self._reads()})

    async def readyz(self, request: web.Request) -> web.Response:
        """Ready: Discord is connected too. That a model is down does not count: `/status` tells."""
        del request
        return _answer({"database": await self._reads(), "discord": self._connected()})

    async def metrics(self, request: web.Request) -> web.Response:
        del request
        if self._expose is None:
            text = say("Metrics need prometheus-client: pip install 'roleforge[metrics]'\n")
            return web.Response(status=501, text=text)
        body, content_type = self._expose()
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def _reads(self) -> bool:
        try:
            await self._database()
        except StorageError as exc:
            log.warning("The database does not answer: %s", exc)
            return False
        return True


def _answer(checks: dict[str, bool]) -> web.Response:
    well = all(checks.values())
    return web.json_response({"ok": well, **checks}, status=200 if well else 503)


@asynccontextmanager
async def listening(endpoints: Endpoints, section: HttpSection) -> AsyncGenerator[int | None]:
    """Serve while the block runs; the port, None where the config wants no endpoints.

    Raises:
        PortTaken: somebody else listens there, or the address is not this machine's.
    """
    if not section.enabled:
        yield None
        return
    runner = web.AppRunner(endpoints.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        yield await _listen(runner, section)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, section: HttpSection) -> int:
    site = web.TCPSite(runner, section.host, section.port)
    try:
        await site.start()
    except OSError as exc:
        where = f"{section.host}:{section.port}"
        raise PortTaken(
            say("Nothing can listen at {where}: {why}", where=where, why=exc.strerror or exc),
            hint=say("Choose another http.port or http.host, or end what listens there."),
        ) from exc
    if section.host not in LOOPBACK:
        log.warning("Whoever reaches %s can read the metrics: they need no password", section.host)
    port = int(runner.addresses[0][1])
    log.info("Listening at http://%s:%d for /healthz, /readyz and /metrics", section.host, port)
    return port
