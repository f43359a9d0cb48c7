"""Routes of the application itself: who am I, where is the gateway, which commands do I have."""

from typing import Any

from fakes.discord.rest import Call, Routes
from fakes.discord.world import Json, User, World

LIMITED_MESSAGE_CONTENT = 1 << 19


class ApplicationRoutes:
    """`commands` maps a server's id, None for global, to what was last registered there."""

    def __init__(self, world: World, gateway_url: str) -> None:
        self._world = world
        self.gateway_url = gateway_url
        self.commands: dict[int | None, list[Json]] = {}
        self.syncs = 0

    @property
    def routes(self) -> Routes:
        commands = "/applications/{application}/commands"
        guild_commands = "/applications/{application}/guilds/{guild}/commands"
        return {
            "GET /gateway/bot": self.gateway,
            "GET /users/@me": lambda _: self._world.bot.payload(),
            "GET /users/{user}": self.user,
            "GET /applications/@me": lambda _: self.application(),
            "GET /oauth2/applications/@me": lambda _: self.application(),
            "GET /guilds/{guild}": lambda _: self._world.guild_payload(),
            "GET /guilds/{guild}/channels": lambda _: self._world.guild_payload()["channels"],
            "GET /guilds/{guild}/members/{user}": self.member,
            f"GET {commands}": self.listed,
            f"PUT {commands}": self.overwrite,
            f"GET {guild_commands}": self.listed,
            f"PUT {guild_commands}": self.overwrite,
        }

    def gateway(self, _: Call) -> Json:
        start = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": start}

    def user(self, call: Call) -> Json:
        return self._person(call).payload()

    def member(self, call: Call) -> Json:
        person = self._person(call)
        return person.member() | {"user": person.payload()}

    def _person(self, call: Call) -> User:
        return self._world.users[call.id("user")]

    def application(self) -> Json:
        bot = self._world.bot
        return {
            "id": str(bot.id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "rpc_origins": [],
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self._world.owner.payload(),
            "team": None,
            "verify_key": "00",
            "summary": "",
            "flags": LIMITED_MESSAGE_CONTENT if self._world.message_content_granted else 0,
        }

    def _place(self, call: Call) -> int | None:
        return int(call.ids["guild"]) if "guild" in call.ids else None

    def listed(self, call: Call) -> Any:
        return self.commands.get(self._place(call), [])

    def overwrite(self, call: Call) -> Any:
        self.syncs += 1
        place = self._place(call)
        where = {"guild_id": str(place)} if place else {}
        self.commands[place] = [self._registered(command) | where for command in call.body]
        return self.commands[place]

    def _registered(self, command: Json) -> Json:
        given = {
            "id": str(self._world.snowflake()),
            "application_id": str(self._world.bot.id),
            "version": str(self._world.snowflake()),
            "type": 1,
            "description": "",
            "default_member_permissions": None,
            "nsfw": False,
        }
        return given | command
