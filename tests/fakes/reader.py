"""Someone who reads and writes in the playground's page, through the page's own requests."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

LOOK_SECONDS = 0.1


class Reader:
    """`state` is what the reader saw last; `look` asks for it anew."""

    def __init__(self, http: aiohttp.ClientSession, headers: dict[str, str], state: Any) -> None:
        self._http = http
        self._headers = {**headers, "X-Simcord-Context": state["context"]["id"]}
        self._sequence = 0
        self.state = state

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Author and text, in the order shown."""
        shown = (self.state["messages"][identity] for identity in self.state["timeline"])
        return [(message["author"]["name"], message["content"]) for message in shown]

    async def look(self) -> None:
        async with self._http.get("/api/state", headers=self._headers) as response:
            self.state = await response.json()

    async def look_until(self, wanted: Callable[[Self], bool]) -> None:
        """Look again and again until `wanted(self)` holds."""
        while not wanted(self):
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

    async def listed_channels(self) -> dict[str, str]:
        """Name to id, in the order shown."""
        async with self._http.get("/") as response:
            rows = re.findall(r'data-channel="(\d+)">([^<]+)<', await response.text())
        return {name: identity for identity, name in rows}

    async def post(self, body: dict[str, Any]) -> Any:
        async with self._http.post("/api/action", headers=self._headers, json=body) as response:
            return await response.json()

    async def act(self, kind: str, **what: Any) -> Any:
        """What simcord's page does for a click or a sent message, from what was seen last."""
        self._sequence += 1
        return await self.post(
            {
                "protocol_version": 3,
                "sequence": self._sequence,
                "request_id": f"r{self._sequence}",
                "generation": self.state["context"]["generation"],
                "bot_generation": self.state["botGeneration"],
                "published_revision": self.state["publishedRevision"],
                "kind": kind,
                **what,
            }
        )

    async def say(self, text: str) -> Any:
        return await self.act("send_message", content=text)


@asynccontextmanager
async def reading(url: str) -> AsyncGenerator[Reader]:
    address = urlsplit(url)
    headers = {"X-Simcord-Capability": address.fragment}
    async with aiohttp.ClientSession(f"http://{address.netloc}") as http:
        async with http.post("/api/pages", headers=headers, json={}) as response:
            state = await response.json()
        yield Reader(http, headers, state)
