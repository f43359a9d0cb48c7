"""Routes of channels, messages, typing and threads."""

import time
from typing import Any

from fakes.discord.rest import Call, Routes, attachments
from fakes.discord.world import (
    COMPONENTS_V2,
    PUBLIC_THREAD,
    ApiError,
    Channel,
    Json,
    Message,
    World,
)

NONCE_SECONDS = 300.0
LONGEST_CONTENT = 2000
LONGEST_NONCE = 25
PAGE = 100


def check(body: Json, *, files: bool = False) -> None:
    """What Discord refuses in a message."""
    content = str(body.get("content") or "")
    if len(content) > LONGEST_CONTENT:
        raise ApiError(400, 50035, "Invalid Form Body: content: Must be 2000 or fewer in length.")
    if len(str(body.get("nonce", ""))) > LONGEST_NONCE:
        raise ApiError(400, 50035, "Invalid Form Body: nonce: Must be 25 or fewer in length.")
    fancy = bool(body.get("flags", 0) & COMPONENTS_V2)
    if fancy and (content or body.get("embeds")):
        raise ApiError(400, 50035, "Invalid Form Body: content cannot be used with components v2.")
    if not (content.strip() or body.get("embeds") or body.get("components") or files):
        raise ApiError(400, 50006, "Cannot send an empty message")


class MessageRoutes:
    """What a bot does in channels."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nonces: dict[str, Message] = {}

    @property
    def routes(self) -> Routes:
        channel = "/channels/{channel}"
        message = f"{channel}/messages/{{message}}"
        return {
            f"GET {channel}": lambda call: self._world.channel(call.id("channel")).payload(),
            f"DELETE {channel}": self.leave,
            f"POST {channel}/typing": self.typing,
            f"GET {channel}/messages": self.page,
            f"POST {channel}/messages": self.create,
            f"GET {message}": self.get,
            f"PATCH {message}": self.edit,
            f"DELETE {message}": self.delete,
            f"PUT {message}/reactions/{{emoji}}/@me": lambda _: None,
            f"DELETE {message}/reactions/{{emoji}}/@me": lambda _: None,
            f"POST {message}/threads": self.thread_from,
            f"POST {channel}/threads": self.thread,
            "POST /users/@me/channels": self.direct,
        }

    def create(self, call: Call) -> Json:
        check(call.body, files=bool(call.files))
        if same := self._same_nonce(call):
            return self._world.message_payload(same)
        reference: Json = call.body.get("message_reference") or {}
        raw = call.body | ({"attachments": attachments(call, self._world)} if call.files else {})
        reply_to = int(reference["message_id"]) if reference else None
        self._check_reference(reference)
        message = self._world.post(call.id("channel"), self._world.bot, raw, reply_to=reply_to)
        if message.nonce is not None:
            self._nonces[message.nonce] = message
        return self._world.message_payload(message)

    def _same_nonce(self, call: Call) -> Message | None:
        known = self._nonces.get(str(call.body.get("nonce")))
        if known is None or not call.body.get("enforce_nonce"):
            return None
        return known if known.versions[0].at > time.monotonic() - NONCE_SECONDS else None

    def _check_reference(self, reference: Json) -> None:
        if not reference or not reference.get("fail_if_not_exists", True):
            return
        original = self._world.messages.get(int(reference["message_id"]))
        if original is None or original.deleted:
            raise ApiError(400, 50035, "Invalid Form Body: message_reference: Unknown message")

    def _own(self, call: Call) -> Message:
        return self._world.message(call.id("channel"), call.id("message"))

    def get(self, call: Call) -> Json:
        return self._world.message_payload(self._own(call))

    def edit(self, call: Call) -> Json:
        message = self._own(call)
        if message.author is not self._world.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        check(message.raw | call.body, files=True)
        return self._world.message_payload(self._world.change(message, call.body))

    def delete(self, call: Call) -> None:
        message = self._own(call)
        if message.author is not self._world.bot:
            raise ApiError(403, 50003, "Cannot execute action on this message")
        self._world.remove(message)

    def page(self, call: Call) -> list[Json]:
        """Newest first, as Discord lists them."""
        found = self._world.in_channel(self._world.channel(call.id("channel")).id)
        if before := call.query.get("before"):
            found = [message for message in found if message.id < int(before)]
        if after := call.query.get("after"):
            found = [message for message in found if message.id > int(after)]
        limit = min(int(call.query.get("limit", 50)), PAGE)
        kept = found[:limit] if after else found[-limit:]
        return [self._world.message_payload(message) for message in reversed(kept)]

    def typing(self, call: Call) -> None:
        self._world.channel(call.id("channel"))
        self._world.typing.append((call.at, call.id("channel")))

    def leave(self, call: Call) -> Any:
        """Delete a channel or a thread."""
        channel = self._world.channel(call.id("channel"))
        del self._world.channels[channel.id]
        self._world.emit("CHANNEL_DELETE", channel.payload())
        return channel.payload()

    def thread(self, call: Call) -> Json:
        return self._thread(call, self._world.snowflake())

    def thread_from(self, call: Call) -> Json:
        return self._thread(call, self._own(call).id)

    def _thread(self, call: Call, thread_id: int) -> Json:
        parent = self._world.channel(call.id("channel"))
        name = str(call.body["name"])
        thread = Channel(thread_id, name, parent.guild_id, PUBLIC_THREAD, parent.id)
        return self._world.add_channel(thread).payload()

    def direct(self, call: Call) -> Json:
        person = self._world.users[int(call.body["recipient_id"])]
        for channel in self._world.channels.values():
            if channel.recipient is person:
                return channel.payload()
        channel = Channel(self._world.snowflake(), "", None, type=1, recipient=person)
        return self._world.add_channel(channel).payload()
