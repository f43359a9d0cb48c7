"""Example dialogues of a card, each a block that is sent whole or not at all."""

import re

START = re.compile(r"<START>", re.IGNORECASE)


def examples_of(text: str) -> list[str]:
    """The dialogues, which cards divide by `<START>`."""
    return [part.strip() for part in START.split(text) if part.strip()]
