"""V3's `{{hidden_key:A}}`: no text of the prompt, but a word that sets off other entries."""

import re

HIDDEN = re.compile(r"\{\{\s*hidden_key\s*::?([^{}]*)\}\}", re.IGNORECASE)


def hidden_keys(content: str) -> list[str]:
    """Of an entry's text whose macros were not replaced yet."""
    return [found.strip() for found in HIDDEN.findall(content)]
