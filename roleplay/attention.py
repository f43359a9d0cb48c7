"""Is this message meant for the character?"""

import re
from collections.abc import Collection, Sequence

from roleplay.bindings import AnswerMode
from roleplay.casting.cast import TurnOrder
from roleplay.casting.names import named
from roleplay.transcript import IncomingMessage


def wants_reply(
    message: IncomingMessage,
    mode: AnswerMode,
    wake_words: Sequence[str],
    order: TurnOrder = "natural",
    names: Sequence[Collection[str]] = (),
) -> bool:
    """A message with nothing to say is never answered, whatever the mode.

    `names` are those of each character, any word of which calls it. In the turn order "manual" only
    the one whose message is answered speaks.
    """
    if not message.text.strip():
        return False
    if order == "manual":
        return message.addressed_character_id is not None
    if mode == "all" or message.mentions_bot or message.replies_to_bot:
        return True
    called = any(_spoken(word, message.text) for word in wake_words)
    return called or next(named(message.text, names), None) is not None


def _spoken(word: str, text: str) -> bool:
    """Whole words only: "Mira" is not called by "admiral"."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
