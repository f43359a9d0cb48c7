"""Adds a channel's memory to a prompt: the summary, and earlier moments."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from roleplay.memory.likeness import Likeness
from roleplay.memory.recall import fused, ranked, told
from roleplay.memory.store import Memory, MemoryRules, Moments
from roleplay.memory.terms import terms_of
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.placed import DepthText
from roleplay.transcript import StoredMessage

LETTERS_PER_TOKEN = 5
"""More than any server packs into one: what this leaves out is not in the prompt for certain."""


class Remembering:
    """A `roleplay.prompting.ingredients.Contributor`; `rules` reads the config as it is now."""

    def __init__(
        self,
        memory: Memory,
        moments: Moments,
        rules: Callable[[], MemoryRules],
        likeness: Likeness | None = None,
    ) -> None:
        self._memory = memory
        self._likeness = likeness
        self._moments = moments
        self._rules = rules

    async def __call__(self, here: Ingredients) -> Ingredients:
        rules, channel_id = self._rules(), here.scene.channel_id
        known = await self._memory.of(channel_id)
        enabled = rules.enabled if known.choice.enabled is None else known.choice.enabled
        if not enabled:
            return here
        summary = known.summary.text if known.summary else ""
        memories = await self._recalled(here, rules.recall_tokens) if rules.recall else None
        return replace(here, summary=summary, memories=memories)

    async def _recalled(self, here: Ingredients, budget: int) -> DepthText | None:
        before = oldest_seen(here)
        names = (*(one.name for one in here.cast), *{one.author_name for one in here.history[-20:]})
        terms = terms_of(here.history, names)
        if not before:
            return None
        channel_id = here.scene.channel_id
        order = ranked(await self._moments.hits(channel_id, terms, before)) if terms else []
        if self._likeness:
            order = fused((order, await self._likeness.near(channel_id, here.history, before)))
        if not order:
            return None
        text = told(await self._moments.read(channel_id, order), order, budget)
        return DepthText(text) if text else None


def oldest_seen(here: Ingredients) -> int:
    """The id of the first message that may be in the prompt; 0 where all there is may be.

    What surely does not fit into the first profile's window counts as not seen, though it was read.
    """
    fitting = _fitting(here.history, here.facts.window - here.facts.reply)
    if not fitting or (len(fitting) == len(here.history) and not here.older):
        return 0
    return min(one.id for one in fitting)


def _fitting(history: Sequence[StoredMessage], window: int) -> Sequence[StoredMessage]:
    if window <= 0:
        return history
    for place in range(len(history) - 1, -1, -1):
        window -= len(history[place].text) // LETTERS_PER_TOKEN
        if window < 0:
            return history[place + 1 :]
    return history
