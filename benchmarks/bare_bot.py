"""The reference: discord.py and one shared httpx client, nothing else.

Answers every message, posts at the first token, edits once a second. It keeps the last messages of
a channel in memory, tries nothing twice, stores nothing, and does not know Discord's limits.

Usage: `python bare_bot.py TOKEN BASE_URL`
"""

import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from typing import Any

import discord
import httpx
from httpx_aiohttp import HttpxAiohttpClient

HISTORY = 50
EDIT_SECONDS = 1.0


class BareBot(discord.Client):
    def __init__(self, llm: httpx.AsyncClient) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, message_content=True),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.llm = llm
        self.said: defaultdict[int, deque[dict[str, str]]] = defaultdict(
            lambda: deque(maxlen=HISTORY)
        )

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        history = self.said[message.channel.id]
        history.append({"role": "user", "content": f"{message.author.name}: {message.content}"})
        async with message.channel.typing():
            text, posted, edited = "", None, 0.0
            async for piece in self.stream(list(history)):
                text += piece
                if posted is None:
                    posted, edited = await message.reply(text), time.monotonic()
                elif time.monotonic() > edited + EDIT_SECONDS:
                    edited = time.monotonic()
                    await posted.edit(content=text)
            history.append({"role": "assistant", "content": text})
            if posted:
                await posted.edit(content=text)

    async def stream(self, messages: list[dict[str, str]]) -> AsyncIterator[str]:
        body: dict[str, Any] = {"model": "scripted", "messages": messages, "stream": True}
        async with self.llm.stream("POST", "chat/completions", json=body) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    for choice in json.loads(line[6:])["choices"]:
                        if piece := choice["delta"].get("content"):
                            yield piece


if __name__ == "__main__":
    token, base_url = sys.argv[1:]
    limits = httpx.Limits(max_connections=1000)
    BareBot(HttpxAiohttpClient(base_url=base_url, limits=limits, timeout=60)).run(token)
