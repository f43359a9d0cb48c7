"""A Discord message as plain values: from here on nothing knows discord.py."""

import re
from collections.abc import Callable

import discord

from roleplay.sanitise import speaker_name
from roleplay.transcript import IncomingMessage

EMOJI = re.compile(r"<a?:(\w+):\d+>")
COMMAND = re.compile(r"</([^:>\n]+):\d+>")

EXCERPT = 100
"""Characters of a message that somebody answers."""


def to_incoming(
    message: discord.Message,
    me: discord.abc.User,
    is_ours: Callable[[int | None], bool] = lambda _: False,
) -> IncomingMessage:
    """The message with mentions, emoji and attachments spelled out as words.

    `me` is the bot; `is_ours` knows the webhooks that characters speak through.
    """
    answered = _answered(message)
    by_us = answered is not None and (answered.author.id == me.id or is_ours(answered.webhook_id))
    return IncomingMessage(
        discord_id=message.id,
        channel_id=message.channel.id,
        guild_id=message.guild.id if message.guild else None,
        author_id=message.author.id,
        author_name=speaker_name(message.author.display_name),
        text=_text(message, None if by_us else answered),
        created_at=message.created_at.timestamp(),
        parent_channel_id=parent_id(message.channel),
        mentions_bot=_mentions(message, me),
        replies_to_bot=by_us,
        replies_to=_answered_id(message),
    )


def parent_id(channel: object) -> int | None:
    """The channel that a thread belongs to; None for any other kind of channel."""
    return channel.parent_id if isinstance(channel, discord.Thread) else None


def _text(message: discord.Message, others: discord.Message | None) -> str:
    """`others` is what it answers, where that is not the bot's own."""
    quote = [_quoted(others)] if others else []
    forwarded = [
        f"[forwarded: {_words(snapshot.content)}]" for snapshot in message.message_snapshots
    ]
    attached = [f"[{_kind(file)}: {file.filename}]" for file in message.attachments]
    stickers = [f"[sticker: {sticker.name}]" for sticker in message.stickers]
    poll = [f"[poll: {message.poll.question}]" if message.poll else ""]
    lines = (*quote, *forwarded, _said(message), *attached, *stickers, *poll)
    return "\n".join(line for line in lines if line)


def _said(message: discord.Message) -> str:
    """discord.py puts a mark that nobody sees into @everyone; models need none."""
    return _words(message.clean_content.replace("@\u200b", "@"))


def _words(content: str) -> str:
    return COMMAND.sub(r"/\1", EMOJI.sub(r":\1:", content)).strip()


def _quoted(answered: discord.Message) -> str:
    said = " ".join(_said(answered).split())
    excerpt = said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1]}…"
    return f"[answering {speaker_name(answered.author.display_name)}: {excerpt}]"


def _kind(file: discord.Attachment) -> str:
    kind = (file.content_type or "").partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"


def _answered(message: discord.Message) -> discord.Message | None:
    """The message that this one is a reply to, where Discord sent it along."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    found = reference.resolved or reference.cached_message
    return found if isinstance(found, discord.Message) else None


def _answered_id(message: discord.Message) -> int | None:
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id


def _mentions(message: discord.Message, me: discord.abc.User) -> bool:
    """By name, or by the role that Discord made for the bot: people pick either."""
    tags = (role.tags for role in message.role_mentions)
    named = any(user.id == me.id for user in message.mentions) and f"{me.id}>" in message.content
    return named or any(tag is not None and tag.bot_id == me.id for tag in tags)
