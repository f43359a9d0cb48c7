"""Webhooks: a channel's own, and the ones interactions are answered through."""

from dataclasses import dataclass
from typing import Any

from fakes.discord.interactions import Interactions
from fakes.discord.messages import check
from fakes.discord.rest import Call, Routes
from fakes.discord.world import ApiError, Json, Message, User, World


@dataclass(frozen=True, slots=True)
class Webhook:
    id: int
    token: str
    channel_id: int
    name: str

    def payload(self, world: World) -> Json:
        return {
            "id": str(self.id),
            "type": 1,
            "token": self.token,
            "channel_id": str(self.channel_id),
            "guild_id": str(world.guild_id),
            "name": self.name,
            "avatar": None,
            "application_id": str(world.bot.id),
            "user": world.bot.payload(),
        }


class Webhooks:
    """`/webhooks/{id}/{token}`, where the id of the application means an interaction."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions
        self.webhooks: dict[int, Webhook] = {}

    @property
    def routes(self) -> Routes:
        message = "/webhooks/{webhook}/{token}/messages/{message}"
        return {
            "POST /channels/{channel}/webhooks": self.create,
            "GET /channels/{channel}/webhooks": self.listed,
            "POST /webhooks/{webhook}/{token}": self.execute,
            f"GET {message}": self.get,
            f"PATCH {message}": self.edit,
            f"DELETE {message}": self.delete,
        }

    def create(self, call: Call) -> Json:
        serial = self._world.snowflake()
        channel = self._world.channel(call.id("channel"))
        webhook = Webhook(serial, f"hook-{serial}", channel.id, str(call.body["name"]))
        self.webhooks[webhook.id] = webhook
        return webhook.payload(self._world)

    def listed(self, call: Call) -> list[Json]:
        here = self._world.channel(call.id("channel")).id
        found = (hook for hook in self.webhooks.values() if hook.channel_id == here)
        return [hook.payload(self._world) for hook in found]

    def _is_interaction(self, call: Call) -> bool:
        return call.id("webhook") == self._world.bot.id

    def _webhook(self, call: Call) -> Webhook:
        webhook = self.webhooks.get(call.id("webhook"))
        if webhook is None or webhook.token != call.ids["token"]:
            raise ApiError(404, 10015, "Unknown Webhook")
        return webhook

    def execute(self, call: Call) -> Any:
        if self._is_interaction(call):
            interaction = self._interactions.find(call.ids["token"])
            message = self._interactions.follow_up(interaction, call.body)
            return self._world.message_payload(message)
        webhook = self._webhook(call)
        check(call.body)
        place = int(call.query.get("thread_id", webhook.channel_id))
        speaker = User(webhook.id, str(call.body.get("username") or webhook.name), bot=True)
        message = self._world.post(place, speaker, call.body, webhook_id=webhook.id)
        return self._world.message_payload(message) if call.query.get("wait") else None

    def _message(self, call: Call) -> Message:
        webhook = self._webhook(call)
        place = int(call.query.get("thread_id", webhook.channel_id))
        return self._world.message(place, call.id("message"))

    def get(self, call: Call) -> Any:
        if self._is_interaction(call):
            interaction = self._interactions.find(call.ids["token"])
            message = self._interactions.own(interaction, call.ids["message"])
            return self._world.message_payload(message) if message else None
        return self._world.message_payload(self._message(call))

    def edit(self, call: Call) -> Json:
        if self._is_interaction(call):
            interaction = self._interactions.find(call.ids["token"])
            message = self._interactions.edit(interaction, call.ids["message"], call.body)
        else:
            message = self._world.change(self._message(call), call.body)
        return self._world.message_payload(message)

    def delete(self, call: Call) -> None:
        if self._is_interaction(call):
            interaction = self._interactions.find(call.ids["token"])
            self._interactions.delete(interaction, call.ids["message"])
        else:
            self._world.remove(self._message(call))
