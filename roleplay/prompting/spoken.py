"""How messages of the history stand in a prompt."""

from collections.abc import Sequence

from roleplay.sanitise import defuse
from roleplay.transcript import StoredMessage


def spoken_line(message: StoredMessage) -> str:
    """People are named, the character speaks plainly.

    What people write cannot end their turn and begin another's.
    """
    if message.role == "user":
        return f"{message.author_name}: {defuse(message.text)}"
    return message.text


def people(history: Sequence[StoredMessage]) -> list[str]:
    """The names of those who wrote, each once, the newest writer first."""
    written = (message.author_name for message in reversed(history) if message.role == "user")
    return list(dict.fromkeys(written))
