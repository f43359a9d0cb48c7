"""What Discord refuses, as a branch of the one error tree.

RoleForgeError
└── DiscordError
    ├── ChannelGone      the channel or thread was deleted, or we were removed from it
    ├── MessageGone      the message was deleted
    ├── WebhookGone      the webhook was deleted; what it said stands and cannot be changed
    ├── NotAllowed       a permission is missing; its name where it is known
    │   └── ThreadLocked only moderators may write there
    ├── Refused          Discord will not take this call, now or at all
    └── DiscordDown      no answer, or only errors, for as long as we tried
"""

import discord

from roleplay.errors import RoleForgeError
from roleplay.phrases import say

ARCHIVED_THREAD = 50083

HINTS = {
    20016: "Slow mode is on here: switch it off, or let the bot's role bypass it.",
    30008: "The bot has 2,000 pictures hung already. Remove characters, or their pictures.",
    30007: "The channel has 15 webhooks already: delete one that nobody uses.",
    30046: "Discord limits edits of messages older than an hour. Ask for a new reply instead.",
    40004: "Discord has switched sending off for now. Try again later.",
    50006: "The text held nothing that Discord shows.",
    ARCHIVED_THREAD: "Give the bot Manage Threads, or reopen the thread.",
    200000: "AutoMod blocked the text. Look at the server's AutoMod rules.",
    200001: "AutoMod blocked the title. Look at the server's AutoMod rules.",
}
"""By Discord's own error code."""


class DiscordError(RoleForgeError):
    """Discord did not do what was asked. `status` and `code` are its own, 0 where it gave none."""

    status = 0
    code = 0


class ChannelGone(DiscordError):
    """Nothing can be said here any more."""


class MessageGone(DiscordError):
    """Somebody deleted the message."""


class WebhookGone(DiscordError):
    """Somebody deleted the webhook: nothing can be said or changed through it any more."""


class NotAllowed(DiscordError):
    """`permission` is discord.py's name of what is missing, "" where it is not known."""

    def __init__(self, message: str, *, permission: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.permission = permission


class ThreadLocked(NotAllowed):
    """A moderator locked the thread."""


class Refused(DiscordError):
    """The same call would be refused again."""


class DiscordDown(DiscordError):
    """Not our fault and not for ever."""


def translate(error: discord.HTTPException, *, permission: str = "") -> DiscordError:
    """The error of our tree; `permission` is what the caller finds missing."""
    translated = _translated(error, permission)
    translated.status, translated.code = error.status, error.code
    return translated


def _translated(error: discord.HTTPException, permission: str) -> DiscordError:
    match error.code:
        case 10003 | 10008 | 10015:
            return _gone(error.code)
        case 160005:
            hint = say("Unlock the thread, or give the bot Manage Threads.")
            return ThreadLocked(
                say("The thread is locked."), permission="manage_threads", hint=hint
            )
        case 50007:
            hint = say("They have to allow direct messages from this server.")
            return NotAllowed(say("This person takes no messages from the bot."), hint=hint)
        case 50001 | 50013:
            return _not_allowed(permission)
        case code:
            reason = error.text or error.status
            message = say("Discord refused: {reason}", reason=reason)
            return Refused(message, hint=say(HINTS.get(code, "")))


def _gone(code: int) -> DiscordError:
    match code:
        case 10003:
            return ChannelGone(say("The channel is gone."))
        case 10008:
            return MessageGone(say("The message was deleted."))
        case _:
            return WebhookGone(say("The webhook was deleted."))


def _not_allowed(permission: str) -> NotAllowed:
    if not permission:
        hint = say("Check the bot's role and the channel's permissions.")
        return NotAllowed(say("The bot lacks a permission in this channel."), hint=hint)
    title = permission.replace("_", " ").title()
    return NotAllowed(
        say("The bot lacks the permission {permission} in this channel.", permission=title),
        permission=permission,
        hint=say("Give the bot's role {permission} in this channel.", permission=title),
    )
