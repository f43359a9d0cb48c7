"""What is left out first when room is short: the lowest number.

Examples go block by block, the last first; then the history, the oldest first. What is `REQUIRED`
is never left out.
"""

from roleplay.prompt import REQUIRED

SUMMARY = REQUIRED - 10
PERSONAS = REQUIRED - 20
LORE = REQUIRED - 30
MEMORIES = REQUIRED - 40
SPARE = -1_000_000
"""Lore that says of itself that it is to leave first."""

EXAMPLES = -1
HISTORY = 0
"""Of the oldest message; newer ones count up from it, further examples down from theirs."""

__all__ = ["EXAMPLES", "HISTORY", "LORE", "MEMORIES", "PERSONAS", "REQUIRED", "SPARE", "SUMMARY"]
