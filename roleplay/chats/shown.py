"""What of a chat is shown to people, in every format that people read."""

from datetime import UTC, datetime

from roleplay.chats.chat import Chat, ChatLine
from roleplay.phrases import say


def title_of(chat: Chat) -> str:
    return chat.title or chat.character or ", ".join(chat.characters[:3]) or say("A chat")


def shown_lines(chat: Chat, *, hidden: bool) -> list[ChatLine]:
    return [line for line in chat.lines if hidden or not line.hidden]


def moment(line: ChatLine) -> str:
    """In UTC, to the minute; empty where the file does not tell."""
    if line.said_at is None:
        return ""
    return f"{datetime.fromtimestamp(line.said_at, UTC):%Y-%m-%d %H:%M}"
