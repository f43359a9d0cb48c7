"""Scene and history to a prompt: what is said, before anyone's window is known."""

from collections.abc import Sequence

from roleplay.macros import expand
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.sanitise import defuse
from roleplay.scene import Scene
from roleplay.transcript import StoredMessage


def compose(scene: Scene, history: Sequence[StoredMessage]) -> Prompt:
    """The character's prompt, then the history, oldest first; the oldest is left out first.

    The newest message is required: a turn without it would answer nobody.
    """
    system = Block("character", "system", _character_prompt(scene), REQUIRED)
    last = len(history) - 1
    lines = [
        _history_block(message, REQUIRED if place == last else place)
        for place, message in enumerate(history)
    ]
    return Prompt((system, *lines), stop=_stops(scene, history), char=scene.character.name)


def spoken_line(message: StoredMessage) -> str:
    """How a message stands in the prompt: people are named, the character speaks plainly.

    What people write cannot end their turn and begin another's.
    """
    if message.role == "user":
        return f"{message.author_name}: {defuse(message.text)}"
    return message.text


def people(history: Sequence[StoredMessage]) -> list[str]:
    """The names of those who wrote, each once, the newest writer first."""
    written = (message.author_name for message in reversed(history) if message.role == "user")
    return list(dict.fromkeys(written))


def _character_prompt(scene: Scene) -> str:
    card = scene.character.card
    texts = (card.system_prompt, card.description, card.personality, card.scenario)
    whole = "\n\n".join(text for text in texts if text)
    return expand(whole, {"char": scene.character.name})


def _history_block(message: StoredMessage, priority: int) -> Block:
    text, name = spoken_line(message), message.author_name
    return Block("history", message.role, text, priority, message.counts, name)


def _stops(scene: Scene, history: Sequence[StoredMessage]) -> tuple[str, ...]:
    """The character must not speak for the people present, newest speaker first."""
    return tuple(f"\n{name}:" for name in people(history) if name != scene.character.name)
