"""The fake Discord as tests use it."""

import contextlib
from collections.abc import Callable, Generator
from types import TracebackType
from typing import Any, Self, TypeVar

import discord.gateway
import discord.http
import yarl
from aiohttp import web

from fakes.discord.application import ApplicationRoutes
from fakes.discord.faults import Faults
from fakes.discord.gateway import Gateway
from fakes.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    Interaction,
    Interactions,
    invocation,
)
from fakes.discord.limits import Limits
from fakes.discord.messages import MessageRoutes
from fakes.discord.rest import PREFIX, Call, Rest
from fakes.discord.webhooks import Webhooks
from fakes.discord.world import MEMBER, PUBLIC_THREAD, Channel, Json, Message, User, World

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds after which a wait gives up. Nothing that works comes near it."""

TOKEN = "bWFkZS11cC1pZA.Gmade-.up-for-the-loopback-server-only"


class FakeDiscord:
    """Discord on 127.0.0.1: REST and gateway, the verbs of people, faults, and a record of it all.

    `async with FakeDiscord() as discord:` serves; `with discord.here():` points discord.py in this
    process at it, and `launch.py` does so for another process.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        limits: Limits | None = None,
        heartbeat_seconds: float = 41.25,
    ) -> None:
        self.token = token
        self.world = World(token)
        self.limits = limits
        self.gateway = Gateway(self.world, heartbeat_seconds=heartbeat_seconds)
        self.rest = Rest(self.world, limits)
        self.interactions = Interactions(self.world)
        self.webhooks = Webhooks(self.world, self.interactions)
        self.application = ApplicationRoutes(self.world, "")
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.accept)
        messages = MessageRoutes(self.world)
        for part in (self.application, messages, self.interactions, self.webhooks):
            self.rest.add(app.router, part.routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}{PREFIX}"
        self.gateway.url = self.application.gateway_url = f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gateway.reset()
        if self._runner:
            await self._runner.cleanup()

    @contextlib.contextmanager
    def here(self) -> Generator[None]:
        """Point the discord.py of this process here, for as long as the context lasts."""
        route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
        kept = route.BASE, socket.DEFAULT_GATEWAY
        route.BASE, socket.DEFAULT_GATEWAY = self.base_url, yarl.URL(self.gateway.url)
        try:
            yield
        finally:
            route.BASE, socket.DEFAULT_GATEWAY = kept

    # --- the place -------------------------------------------------------------------------------

    def add_channel(self, name: str = "tavern", *, nsfw: bool = False) -> Channel:
        channel = Channel(self.world.snowflake(), name, self.world.guild_id, nsfw=nsfw)
        return self.world.add_channel(channel)

    def add_thread(self, parent: Channel, name: str = "scene") -> Channel:
        serial = self.world.snowflake()
        thread = Channel(serial, name, parent.guild_id, PUBLIC_THREAD, parent.id)
        return self.world.add_channel(thread)

    def add_direct(self, person: User) -> Channel:
        channel = Channel(self.world.snowflake(), "", None, type=1, recipient=person)
        return self.world.add_channel(channel)

    def add_person(self, name: str = "Ada", *, permissions: int = MEMBER) -> User:
        return self.world.add_user(name, permissions)

    @property
    def faults(self) -> Faults:
        return self.rest.faults

    # --- what people do --------------------------------------------------------------------------

    def say(self, channel: Channel, person: User, text: str, *, reply_to: int | None = None) -> int:
        """Write a message; returns its id."""
        return self.world.post(channel.id, person, {"content": text}, reply_to=reply_to).id

    def edit(self, message_id: int, text: str) -> None:
        self.world.change(self.world.messages[message_id], {"content": text})

    def delete(self, message_id: int) -> None:
        self.world.remove(self.world.messages[message_id])

    def press(self, message: Message, button: str, person: User) -> Interaction:
        """Press the button whose `custom_id` or label is, or begins with, `button`."""
        found = [
            part
            for part in message.buttons
            if str(part.get("custom_id", "")).startswith(button)
            or str(part.get("label", "")).startswith(button)
        ]
        if not found:
            raise LookupError(f"no button {button!r} among {message.buttons}")
        data = {"custom_id": found[0]["custom_id"], "component_type": 2}
        channel = self.world.channels[message.channel_id]
        return self.interactions.open(COMPONENT, data, channel, person, message)

    def slash(self, channel: Channel, person: User, path: str, **options: Any) -> Interaction:
        """Use a command as registered: `slash(channel, ada, "profile switch", name="local")`.

        Options may be text, numbers, `Channel`s and `User`s.
        """
        data = invocation(self.commands, path, options, self.world)
        return self.interactions.open(COMMAND, data, channel, person)

    def complete(
        self, channel: Channel, person: User, path: str, option: str, typed: str
    ) -> Interaction:
        """Type into an option that autocompletes; see `Interaction.choices`."""
        data = invocation(self.commands, path, {option: typed}, self.world)
        leaf = data
        while leaf.get("options") and "value" not in leaf["options"][0]:
            leaf = leaf["options"][0]
        leaf["options"][0]["focused"] = True
        return self.interactions.open(AUTOCOMPLETE, data, channel, person)

    def use(self, message: Message, person: User, name: str) -> Interaction:
        """Use a command of a message's context menu."""
        command = next(c for c in self.commands if c["name"] == name and c.get("type") == 3)
        target = str(message.id)
        data = {"id": command["id"], "name": name, "type": 3, "target_id": target}
        data["resolved"] = {"messages": {target: self.world.message_payload(message)}}
        channel = self.world.channels[message.channel_id]
        return self.interactions.open(COMMAND, data, channel, person)

    # --- what is seen ----------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every REST request, oldest first."""
        return self.rest.calls

    def called(self, route: str) -> list[Call]:
        """The requests on one route, written as in `faults`."""
        return [call for call in self.rest.calls if call.route == route]

    @property
    def commands(self) -> list[Json]:
        """Every registered command, global and of servers."""
        return [command for place in self.application.commands.values() for command in place]

    def messages(self, channel: Channel) -> list[Message]:
        """What stands in the channel, oldest first."""
        return self.world.in_channel(channel.id)

    def replies(self, channel: Channel, after: int = 0) -> list[Message]:
        """What bots and webhooks said there, after a message's id."""
        found = self.messages(channel)
        return [message for message in found if message.author.bot and message.id > after]

    async def until(self, look: Callable[[], T | None], seconds: float = PATIENCE) -> T:
        """Wait for `look` to return something true; it is asked again after every change.

        Raises:
            TimeoutError: it never did.
        """
        return await self.world.bell.until(look, seconds)

    async def wait_for_reply(
        self, channel: Channel, containing: str = "", *, after: int = 0, seconds: float = PATIENCE
    ) -> Message:
        """The first message of the bot, after the id `after`, that shows `containing`."""

        def found() -> Message | None:
            matching = (m for m in self.replies(channel, after) if containing in m.shown)
            return next(matching, None)

        return await self.until(found, seconds)

    async def wait_for_answer(
        self, interaction: Interaction, containing: str = "", *, seconds: float = PATIENCE
    ) -> Interaction:
        """Until the person sees an answer to what they used."""
        await self.until(lambda: interaction.answered and containing in interaction.text, seconds)
        return interaction

    async def wait_ready(self, times: int = 1, *, seconds: float = PATIENCE) -> None:
        """Until a bot has identified and been told of the server, `times` in all."""
        await self.until(lambda: self.gateway.readies >= times, seconds)
