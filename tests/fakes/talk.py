"""One dialect, connected over a real socket to a scripted server that speaks it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from backends.remote import RemoteServer
from bot.clock import SystemClock
from fakes.llm import ScriptedLlm
from fakes.voices import Voice
from roleplay.profiles import ConnectionProfile

KEY = "sk-made-up-0123456789"


@dataclass
class Talk:
    """`dialect` is a profile's type."""

    llm: ScriptedLlm
    voice: Voice
    dialect: str

    @asynccontextmanager
    async def server(self, **settings: object) -> AsyncGenerator[RemoteServer]:
        """A server for a profile called "ann"; settings are fields of `ConnectionProfile`."""
        profile = ConnectionProfile(
            name="ann",
            type=self.dialect,
            baseURL=self.llm.url,
            apiKey=SecretStr(KEY),
            model="scripted",
        )
        changed = profile.model_copy(update=settings)
        async with RemoteServer(changed, SystemClock()) as server:
            yield server
