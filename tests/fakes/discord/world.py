"""What exists in the fake Discord: one server, its channels, people, messages."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fakes.discord.bell import Bell

Json = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000
TEXT, DM, PUBLIC_THREAD = 0, 1, 11
EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15

MEMBER = sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 31, 35, 38))
"""Permissions of @everyone: react, view, send, embed, attach, history, commands, threads."""

MANAGE_CHANNELS, MANAGE_GUILD, MANAGE_WEBHOOKS = 1 << 4, 1 << 5, 1 << 29
ADMINISTRATOR = 1 << 3
EVERYTHING = (1 << 53) - 1


class ApiError(Exception):
    """An answer as Discord words its errors: an HTTP status and Discord's own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


@dataclass(slots=True)
class User:
    """A person or a bot; `permissions` are those in the one server, given by a role `role_id`."""

    id: int
    name: str
    bot: bool = False
    permissions: int = MEMBER
    role_id: int | None = None

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }

    def member(self) -> Json:
        return {
            "roles": [str(self.role_id)] if self.role_id else [],
            "joined_at": iso(0),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "nick": None,
            "permissions": str(self.permissions),
        }


def role_payload(role_id: int, name: str, permissions: int) -> Json:
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


@dataclass(slots=True)
class Channel:
    """A text channel, a thread (`parent_id` set) or a direct message (`recipient` set).

    `denied` are permissions that @everyone lacks there, whatever their roles say.
    """

    id: int
    name: str
    guild_id: int | None
    type: int = TEXT
    parent_id: int | None = None
    recipient: User | None = None
    nsfw: bool = False
    denied: int = 0

    def payload(self) -> Json:
        data: Json = {"id": str(self.id), "type": self.type, "last_message_id": None}
        if self.recipient:
            return data | {"recipients": [self.recipient.payload()]}
        data |= {
            "guild_id": str(self.guild_id),
            "name": self.name,
            "parent_id": str(self.parent_id) if self.parent_id else None,
            "rate_limit_per_user": 0,
        }
        return data | (self._thread() if self.type == PUBLIC_THREAD else self._text())

    def _text(self) -> Json:
        everyone = {"id": str(self.guild_id), "type": 0, "allow": "0", "deny": str(self.denied)}
        return {
            "position": 0,
            "permission_overwrites": [everyone] if self.denied else [],
            "nsfw": self.nsfw,
            "topic": None,
        }

    def _thread(self) -> Json:
        metadata = {
            "archived": False,
            "locked": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": iso(time.time()),
        }
        return {
            "owner_id": str(self.id),
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": metadata,
        }


@dataclass(frozen=True, slots=True)
class Version:
    """A text a message showed from `at` (monotonic seconds) on."""

    at: float
    content: str


@dataclass(slots=True)
class Message:
    """A message with every text it ever showed."""

    id: int
    channel_id: int
    author: User
    content: str
    versions: list[Version]
    raw: Json = field(default_factory=dict[str, Any])
    nonce: str | None = None
    reply_to: int | None = None
    webhook_id: int | None = None
    edited: bool = False
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        return bool(self.raw.get("flags", 0) & EPHEMERAL)

    @property
    def shown(self) -> str:
        """All text a reader sees: content, then the texts of embeds and of Components V2."""
        found = [self.content, *texts_in(self.raw.get("embeds", []))]
        return "\n".join(part for part in [*found, *texts_in(self.components)] if part)

    @property
    def components(self) -> list[Json]:
        return self.raw.get("components") or []

    @property
    def buttons(self) -> list[Json]:
        """Every button with a `custom_id`, however deep it is nested."""
        return [part for part in walk(self.components) if part.get("type") == 2]


def walk(parts: list[Json]) -> list[Json]:
    """Components in the order they are shown, nested ones after their container."""
    found: list[Json] = []
    for part in parts:
        inside = [*part.get("components", []), part.get("accessory")]
        found += [part, *walk([child for child in inside if child])]
    return found


def texts_in(parts: list[Json]) -> list[str]:
    """The readable texts of embeds or components."""
    found: list[str] = []
    for part in walk(parts):
        found += [str(part[key]) for key in ("title", "description", "content") if part.get(key)]
        found += [f"{item['name']}: {item['value']}" for item in part.get("fields", [])]
    return found


class World:
    """The state, and the events that changes of it send to the gateway."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.bell = Bell()
        self.listeners: list[Callable[[str, Json, Message | None], None]] = []
        self._serial = 0
        self.guild_id = self.snowflake()
        self.users: dict[int, User] = {}
        self.bot = self.add_user("RoleForge", MEMBER | MANAGE_WEBHOOKS, bot=True)
        self.owner = self.add_user("Owner", EVERYTHING)
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.typing: list[tuple[float, int]] = []
        self.message_content_granted = True

    def snowflake(self) -> int:
        """A fresh id that carries the present time, as Discord's do."""
        self._serial += 1
        return (int(time.time() * 1000) - DISCORD_EPOCH_MS << 22) | (self._serial & 0x3FFFFF)

    def emit(self, event: str, data: Json, message: Message | None = None) -> None:
        for listener in self.listeners:
            listener(event, data, message)
        self.bell.ring()

    def add_user(self, name: str, permissions: int, *, bot: bool = False) -> User:
        role_id = self.snowflake() if permissions != MEMBER else None
        user = User(self.snowflake(), name, bot, permissions, role_id)
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        event = "THREAD_CREATE" if channel.type == PUBLIC_THREAD else "CHANNEL_CREATE"
        if not channel.recipient:
            self.emit(event, channel.payload())
        return channel

    def channel(self, channel_id: int) -> Channel:
        if channel := self.channels.get(channel_id):
            return channel
        raise ApiError(404, 10003, "Unknown Channel")

    def message(self, channel_id: int, message_id: int) -> Message:
        message = self.messages.get(message_id)
        if message is None or message.deleted or message.channel_id != channel_id:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def post(
        self,
        channel_id: int,
        author: User,
        raw: Json,
        *,
        reply_to: int | None = None,
        webhook_id: int | None = None,
    ) -> Message:
        """Store a message and tell everyone who may see it."""
        self.channel(channel_id)
        content = str(raw.get("content") or "")
        message = Message(
            id=self.snowflake(),
            channel_id=channel_id,
            author=author,
            content=content,
            versions=[Version(time.monotonic(), content)],
            raw=dict(raw),
            nonce=None if raw.get("nonce") is None else str(raw["nonce"]),
            reply_to=reply_to,
            webhook_id=webhook_id,
        )
        self.messages[message.id] = message
        if not message.ephemeral:
            self.emit("MESSAGE_CREATE", self.message_event(message), message)
        self.bell.ring()
        return message

    def change(self, message: Message, raw: Json) -> Message:
        """Replace what `raw` names, as PATCH does."""
        message.raw |= raw
        if "content" in raw:
            message.content = str(raw["content"] or "")
            message.versions.append(Version(time.monotonic(), message.content))
        message.edited = True
        if not message.ephemeral:
            self.emit("MESSAGE_UPDATE", self.message_event(message), message)
        self.bell.ring()
        return message

    def remove(self, message: Message) -> None:
        message.deleted = True
        channel = self.channels[message.channel_id]
        data: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        if channel.guild_id:
            data["guild_id"] = str(channel.guild_id)
        self.emit("MESSAGE_DELETE", data)

    def in_channel(self, channel_id: int) -> list[Message]:
        """What stands in a channel now, oldest first."""
        return [
            message
            for message in self.messages.values()
            if message.channel_id == channel_id and not message.deleted and not message.ephemeral
        ]

    def message_event(self, message: Message) -> Json:
        """The payload with what only gateway events carry: the server and the member."""
        channel = self.channels[message.channel_id]
        data = self.message_payload(message)
        if channel.guild_id:
            data["guild_id"] = str(channel.guild_id)
            if not message.webhook_id:
                data["member"] = message.author.member()
        return data

    def message_payload(self, message: Message) -> Json:
        data: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "author": message.author.payload(),
            "content": message.content,
            "timestamp": iso(((message.id >> 22) + DISCORD_EPOCH_MS) / 1000),
            "edited_timestamp": iso(time.time()) if message.edited else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [
                user.payload() | {"member": user.member()} for user in self._pinged(message)
            ],
            "mention_roles": [],
            "attachments": message.raw.get("attachments", []),
            "embeds": message.raw.get("embeds") or [],
            "components": message.components,
            "pinned": False,
            "type": 19 if message.reply_to else 0,
            "flags": message.raw.get("flags", 0),
        }
        if message.nonce is not None:
            data["nonce"] = message.nonce
        if message.webhook_id:
            data["webhook_id"] = str(message.webhook_id)
        return data | self._reference(message)

    def _reference(self, message: Message) -> Json:
        original = self.messages.get(message.reply_to or 0)
        if original is None:
            return {}
        place = {"message_id": str(original.id), "channel_id": str(original.channel_id)}
        return {
            "message_reference": place | {"guild_id": str(self.guild_id), "type": 0},
            "referenced_message": None if original.deleted else self.message_payload(original),
        }

    def _pinged(self, message: Message) -> list[User]:
        return [user for user in self.users.values() if f"<@{user.id}>" in message.content]

    def guild_payload(self) -> Json:
        rooms = [c for c in self.channels.values() if c.guild_id]
        roles = [role_payload(self.guild_id, "@everyone", MEMBER)]
        roles += [
            role_payload(user.role_id, f"{user.name}'s", user.permissions)
            for user in self.users.values()
            if user.role_id
        ]
        return {
            "id": str(self.guild_id),
            "name": "The Tavern",
            "owner_id": str(self.owner.id),
            "unavailable": False,
            "large": False,
            "joined_at": iso(0),
            "member_count": len(self.users),
            "preferred_locale": "en-US",
            "roles": roles,
            "members": [u.member() | {"user": u.payload()} for u in self.users.values()],
            "channels": [room.payload() for room in rooms if room.type != PUBLIC_THREAD],
            "threads": [room.payload() for room in rooms if room.type == PUBLIC_THREAD],
            **{key: [] for key in ("emojis", "stickers", "features", "voice_states", "presences")},
            **{key: [] for key in ("stage_instances", "guild_scheduled_events")},
        }
