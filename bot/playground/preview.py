"""simcord's preview page, made live: one module for everything that rests on its internals.

simcord publishes a page when an action of its reader has settled. A reply is written after that,
by tasks of our own, so this page publishes again whenever it is asked for its state (each half
second) and the pretend Discord has changed since. The page's revision stays the same while it
does: actions carry the revision their reader saw, and one that had moved on would be refused.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.metadata import version
from typing import Any, Self

from simcord import ChannelHandle, Env, MemberActor, Preview
from simcord._dpy_internals import real_monotonic
from simcord.backend.cdn import CDN_BASE

from bot.playground.pages import STATIC, PlaygroundServer
from bot.playground.webhooks import pictures
from roleplay.errors import RoleForgeError
from roleplay.phrases import say

KNOWN = "3.2.1"
"""The simcord whose internals this module was written for."""

SWITCH_CHANNEL = "switch_channel"
"""Our own kind of action, beside simcord's."""


TYPING_SECONDS = 10.0
"""As long as Discord shows it."""


class WallClock:
    """The time of the pretend Discord: real time, where simcord's own stands still.

    simcord answers `time.monotonic()` from `elapsed` inside the bot, so `elapsed` is this
    machine's monotonic clock: waits that begin inside may then end outside.
    """

    def __init__(self) -> None:
        self._skipped = 0.0
        self._epoch = datetime.now(UTC) - timedelta(seconds=self.elapsed)

    @property
    def elapsed(self) -> float:
        return real_monotonic() + self._skipped

    def now(self) -> datetime:
        return self._epoch + timedelta(seconds=self.elapsed)

    def advance(self, seconds: float) -> None:
        self._skipped += seconds


class LivePreview(Preview):
    """A page that shows replies grow, and lets each reader choose the channel."""

    def __init__(
        self,
        env: Env,
        guild: str,
        channels: Sequence[ChannelHandle],
        viewers: Sequence[MemberActor],
        port: int,
    ) -> None:
        super().__init__(
            env,
            channels[0],
            tuple(viewers),
            layout="channel",
            display="responsive",
            width=1100,
            height=760,
            locale="en-US",
            timezone=_timezone(),
            presentation_time=None,
            assets=_portraits(env),
            port=port,
        )
        self._channels = {channel.id: channel for channel in channels}
        self._shown: dict[str, int] = {}
        self._typing = Typing(env)
        self._server = PlaygroundServer(self, guild, channels, port)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    def _page_payload(self, page: Any) -> dict[str, Any]:
        happened = len(self.env.backend.transcript)
        if self._shown.get(page.id) != happened:
            self._shown[page.id] = happened
            self._publish_quietly(page)
        return {
            **super()._page_payload(page),
            "typing": self._typing.names(page.channel_id, real_monotonic()),
        }

    def _publish_quietly(self, page: Any) -> None:
        revision = page.revision
        self._explicit_assets.update(pictures(self.env))
        self._advance_presentation_time()
        self._publish(page, reason="refresh")
        page.revision = revision
        page.snapshot["publishedRevision"] = revision
        page.snapshot["publication"]["publishedRevision"] = revision

    async def _action(self, context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        page: Any = self._get_page(context_id)
        if body.get("kind") == SWITCH_CHANNEL:
            return self._switch(page, str(body.get("channel_id")))
        if self._active_action is None:
            self.channel = self._channels[page.channel_id]
        return await super()._action(context_id, body)

    def _switch(self, page: Any, channel_id: str) -> dict[str, Any]:
        if not channel_id.isdecimal() or int(channel_id) not in self._channels:
            return {"switched": False}
        self._clear_page_assets(page)
        page.channel_id = int(channel_id)
        page.generation += 1
        page.target_id = page.window_end_id = None
        page.modal = page.modal_handle = None
        self._reset_queries(page)
        self._publish(page, reason="navigation")
        return {"switched": True}


class Typing:
    """Who is typing where, from what the pretend Discord tells its gateway."""

    def __init__(self, env: Env) -> None:
        self._env = env
        self._until: dict[tuple[int, int], float] = {}
        env.backend.subscribers.append(self._hear)

    def _hear(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "TYPING_START":
            key = (int(payload["channel_id"]), int(payload["user_id"]))
            self._until[key] = real_monotonic() + TYPING_SECONDS
        elif event == "MESSAGE_CREATE":
            self._until.pop((int(payload["channel_id"]), int(payload["author"]["id"])), None)

    def names(self, channel_id: int, now: float) -> list[str]:
        users = self._env.backend.users
        return [
            users[user].global_name or users[user].name
            for (channel, user), until in self._until.items()
            if channel == channel_id and until > now
        ]


def _tell_voices_apart() -> None:
    """One webhook has many names: only messages of the same name stand under one heading."""
    snapshot: Any = import_module("simcord.preview._snapshot")
    follows = snapshot._is_compact_message  # noqa: SLF001  # simcord offers no other way

    def is_compact(previous: Any, message: Any, *rest: Any) -> bool:
        same = previous is None or previous.author_name == message.author_name
        return same and follows(previous, message, *rest)

    snapshot._is_compact_message = is_compact  # noqa: SLF001  # nor here


_tell_voices_apart()


def require_known_simcord() -> None:
    """Raises `RoleForgeError` for a simcord whose inside this module does not know."""
    found = version("simcord")
    if found != KNOWN:
        raise RoleForgeError(
            say(
                "The playground needs simcord {known}; {found} is installed.",
                known=KNOWN,
                found=found,
            ),
            hint=say('Run: pip install "roleforge[playground]"'),
        )


def _portraits(env: Env) -> dict[str, tuple[str, bytes]]:
    """The pictures of all users, by the addresses at which simcord looks for them."""
    return {
        f"{CDN_BASE}/avatars/{user.id}/{user.avatar}.png": (
            f"{user.avatar}.png",
            (STATIC / f"{user.avatar}.png").read_bytes(),
        )
        for user in env.backend.users.values()
        if user.avatar
    }


def _timezone() -> str:
    """This machine's zone as simcord wants it: a name from the tz database, to the whole hour."""
    offset = datetime.now().astimezone().utcoffset() or timedelta()
    hours = round(offset.total_seconds() / 3600)
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"
