"""How lorebooks are scanned: SillyTavern's settings, with the values it comes with."""

from dataclasses import dataclass
from typing import Literal

Strategy = Literal["evenly", "character_first", "global_first"]

MOST_DEPTH = 1000
"""Messages; a larger scan depth counts as this."""


@dataclass(frozen=True, slots=True)
class LoreSettings:
    """`scan_depth` and `min_activations_depth` count messages, `budget_cap` tokens; 0: no limit.

    `budget_percent` is a share of the context window. Of `max_recursion_steps` and
    `min_activations` only one counts: the former, where both are set.
    """

    scan_depth: int = 2
    budget_percent: float = 25
    budget_cap: int = 0
    include_names: bool = True
    recursive: bool = True
    whole_words: bool = True
    case_sensitive: bool = False
    group_scoring: bool = False
    max_recursion_steps: int = 0
    min_activations: int = 0
    min_activations_depth: int = 0
    strategy: Strategy = "evenly"

    def budget(self, window: int) -> int:
        """Tokens that all entries together may have, of a context window of so many."""
        tokens = int(self.budget_percent * window / 100 + 0.5) or 1
        return min(tokens, self.budget_cap) if self.budget_cap > 0 else tokens
