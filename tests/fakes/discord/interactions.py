"""Commands and buttons that people use, and what the bot answers to them."""

import time
from dataclasses import dataclass, field
from typing import Any

from fakes.discord.messages import check
from fakes.discord.rest import Call, Routes
from fakes.discord.world import (
    EVERYTHING,
    ApiError,
    Channel,
    Json,
    Message,
    User,
    World,
)

COMMAND, COMPONENT, AUTOCOMPLETE = 2, 3, 4
LIFETIME_SECONDS = 900.0


@dataclass(slots=True)
class Interaction:
    """One use of a command or button. `replies` are its messages, ephemeral ones too."""

    id: int
    token: str
    channel: Channel
    person: User
    source: Message | None = None
    at: float = field(default_factory=time.monotonic)
    callback: Json | None = None
    waiting: bool = False
    waiting_flags: int = 0
    replies: list[Message] = field(default_factory=list[Message])
    original: Message | None = None

    @property
    def answered(self) -> bool:
        """Something the person can read has come; "thinking..." is not yet that."""
        return self.callback is not None and not self.waiting

    @property
    def text(self) -> str:
        """All that was answered, newest last."""
        return "\n".join(message.shown for message in self.replies)

    @property
    def choices(self) -> list[Any]:
        """What autocomplete offered."""
        data: Json = (self.callback or {}).get("data") or {}
        return data.get("choices", [])


class Interactions:
    """Callbacks and follow-ups; an interaction's token lives 15 minutes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_token: dict[str, Interaction] = {}

    @property
    def routes(self) -> Routes:
        return {"POST /interactions/{interaction}/{token}/callback": self.callback}

    def open(
        self, kind: int, data: Json, channel: Channel, person: User, source: Message | None = None
    ) -> Interaction:
        """Send one to the bot."""
        serial = self._world.snowflake()
        interaction = Interaction(serial, f"token-{serial}", channel, person, source)
        self._by_token[interaction.token] = interaction
        self._world.emit("INTERACTION_CREATE", self._payload(interaction, kind, data))
        return interaction

    def _payload(self, interaction: Interaction, kind: int, data: Json) -> Json:
        world, channel, person = self._world, interaction.channel, interaction.person
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(world.bot.id),
            "type": kind,
            "data": data,
            "token": interaction.token,
            "version": 1,
            "channel": channel.payload(),
            "channel_id": str(channel.id),
            "app_permissions": str(EVERYTHING),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(channel.guild_id or 0)},
            "context": 0 if channel.guild_id else 1,
            "attachment_size_limit": 10_485_760,
        }
        if interaction.source:
            payload["message"] = world.message_payload(interaction.source)
        if channel.guild_id is None:
            return payload | {"user": person.payload()}
        place = {"guild_id": str(channel.guild_id), "guild_locale": "en-US"}
        guild: Json = {"guild": {"id": str(channel.guild_id), "locale": "en-US", "features": []}}
        return payload | place | guild | {"member": person.member() | {"user": person.payload()}}

    def find(self, token: str) -> Interaction:
        interaction = self._by_token.get(token)
        if interaction is None or time.monotonic() > interaction.at + LIFETIME_SECONDS:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def callback(self, call: Call) -> Json:
        interaction = self.find(call.ids["token"])
        if interaction.callback is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        data: Json = call.body.get("data") or {}
        interaction.callback = dict(call.body)
        match call.body["type"]:
            case 4:  # a message
                interaction.original = self.reply(interaction, data)
            case 5:  # "thinking..."
                interaction.waiting = True
                interaction.waiting_flags = data.get("flags", 0)
            case 7:  # change the message the button is on
                interaction.original = self._update_source(interaction, data)
            case 6:  # change it later
                interaction.original = interaction.source
            case _:  # choices and forms show nothing in the channel
                pass
        return self._result(interaction, call.body["type"])

    def _result(self, interaction: Interaction, kind: int) -> Json:
        about: Json = {"id": str(interaction.id), "type": 2}
        result: Json = {"interaction": about}
        if message := interaction.original:
            about |= {"response_message_id": str(message.id)}
            result["resource"] = {"type": kind, "message": self._world.message_payload(message)}
        return result

    def _update_source(self, interaction: Interaction, data: Json) -> Message:
        if interaction.source is None:
            raise ApiError(400, 50035, "Invalid Form Body: nothing to update")
        return self._world.change(interaction.source, data)

    def reply(self, interaction: Interaction, data: Json) -> Message:
        """A message of the bot to the person, seen by the channel unless ephemeral."""
        check(data)
        message = self._world.post(interaction.channel.id, self._world.bot, data)
        interaction.replies.append(message)
        return message

    def follow_up(self, interaction: Interaction, data: Json) -> Message:
        """The first follow-up of a deferred answer fills it, and is as ephemeral as that."""
        if interaction.waiting:
            data = data | {"flags": data.get("flags", 0) | interaction.waiting_flags}
            interaction.waiting = False
            interaction.original = self.reply(interaction, data)
            return interaction.original
        return self.reply(interaction, data)

    def own(self, interaction: Interaction, which: str) -> Message | None:
        """`which` is a message id or "@original"; None: the answer is still deferred."""
        if which != "@original":
            return self._world.message(interaction.channel.id, int(which))
        if interaction.original is None and not interaction.waiting:
            raise ApiError(404, 10008, "Unknown Message")
        return interaction.original

    def edit(self, interaction: Interaction, which: str, data: Json) -> Message:
        message = self.own(interaction, which)
        if message is None:
            return self.follow_up(interaction, data)
        check(message.raw | data, files=True)
        return self._world.change(message, data)

    def delete(self, interaction: Interaction, which: str) -> None:
        message = self.own(interaction, which)
        interaction.waiting = False
        if message:
            self._world.remove(message)


def invocation(commands: list[Json], path: str, values: Json, world: World) -> Json:
    """The `data` of a slash command: `path` is "group sub", `values` are its options by name."""
    words = path.split()
    command = next((c for c in commands if c["name"] == words[0] and c.get("type", 1) == 1), None)
    if command is None:
        raise LookupError(f"no command /{path}; there are {[c['name'] for c in commands]}")
    resolved: Json = {}
    options = nested(command, words[1:], values, resolved, world)
    kind = {"id": command["id"], "name": command["name"], "type": 1}
    return kind | {"options": options, "resolved": resolved}


def nested(node: Json, words: list[str], values: Json, resolved: Json, world: World) -> list[Json]:
    """Sub-commands inside groups, then the options with their types."""
    options: list[Json] = node.get("options") or []
    if words:
        child = next((option for option in options if option["name"] == words[0]), None)
        if child is None:
            raise LookupError(
                f"no sub-command {words[0]}; there are {[o['name'] for o in options]}"
            )
        inner = nested(child, words[1:], values, resolved, world)
        return [{"type": child["type"], "name": child["name"], "options": inner}]
    types = {option["name"]: option["type"] for option in options}
    return [option_of(name, types[name], value, resolved, world) for name, value in values.items()]


def option_of(name: str, kind: int, value: Any, resolved: Json, world: World) -> Json:
    match value:
        case Channel():
            permissions = {"permissions": str(EVERYTHING)}
            resolved.setdefault("channels", {})[str(value.id)] = value.payload() | permissions
            value = str(value.id)
        case User():
            resolved.setdefault("users", {})[str(value.id)] = value.payload()
            resolved.setdefault("members", {})[str(value.id)] = world.users[value.id].member()
            value = str(value.id)
        case _:
            pass
    return {"name": name, "type": kind, "value": value}
