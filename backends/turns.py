"""A conversation as turns that alternate, for protocols that know no other order."""

from collections.abc import Sequence

from roleplay.chat import ChatMessage

OPENING = "[The scene begins.]"
"""Said first where the character would; a conversation is begun by the user."""

GO_ON = "[Go on.]"
"""Said last where the character spoke last and its words cannot be continued."""


def alternating(messages: Sequence[ChatMessage]) -> tuple[str, list[ChatMessage]]:
    """The system text, and turns of user and assistant by turns, the user's first.

    System messages after the beginning become notes in square brackets in the user's turn beside
    them. Blank messages are left out, neighbours of one role joined.
    """
    spoken = [message for message in messages if message.text.strip()]
    late = next((at for at, one in enumerate(spoken) if one.role != "system"), len(spoken))
    system = "\n\n".join(message.text for message in spoken[:late])
    turns = _joined([_as_turn(message) for message in spoken[late:]])
    if not turns or turns[0].role == "assistant":
        turns.insert(0, ChatMessage("user", OPENING))
    return system, turns


def ending_with_user(turns: Sequence[ChatMessage]) -> list[ChatMessage]:
    if turns[-1].role == "user":
        return list(turns)
    return [*turns, ChatMessage("user", GO_ON)]


def _as_turn(message: ChatMessage) -> ChatMessage:
    if message.role != "system":
        return message
    text = message.text.strip()
    bracketed = text.startswith("[") and text.endswith("]")
    return ChatMessage("user", text if bracketed else f"[{text}]")


def _joined(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    turns: list[ChatMessage] = []
    for message in messages:
        if turns and turns[-1].role == message.role:
            text = f"{turns.pop().text}\n\n{message.text}"
            turns.append(ChatMessage(message.role, text))
        else:
            turns.append(message)
    return turns
