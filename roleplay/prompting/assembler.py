"""Gathers what a prompt is made of, and builds it."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from roleplay.ports import Clock
from roleplay.prompting.build import Assembled, build
from roleplay.prompting.ingredients import Contributor, Facts, Ingredients, Wanted
from roleplay.scene import Scene
from roleplay.transcript import StoredMessage, Turn

HISTORY_LIMIT = 400
"""Messages read for a prompt. A window of 32K tokens holds about this many chat messages; reading
by a fixed number keeps the cost of a turn flat however long the channel is."""


class Assembler:
    """Asks each contributor in turn; a later one sees what the earlier ones brought.

    `facts` are those of a profile, by its name; `zone` is where the people live, None: where this
    machine is.
    """

    def __init__(
        self,
        contributors: Sequence[Contributor] = (),
        *,
        clock: Clock,
        rng: random.Random | None = None,
        facts: Callable[[str], Facts] = lambda _: Facts(),
        zone: Callable[[], tzinfo | None] = lambda: None,
    ) -> None:
        self._contributors = contributors
        self._clock = clock
        self._rng = rng or random.Random()
        self._facts = facts
        self._zone = zone

    async def assemble(
        self,
        scene: Scene,
        history: Sequence[StoredMessage],
        turn: Turn | None,
        *,
        wanted: Wanted = "reply",
        user: str = "",
    ) -> Assembled:
        """The prompt for a turn, or for one that might come: `turn` None.

        `user` is the person that is answered or written for, "" for who wrote last.

        Raises:
            StorageError: something the prompt needs could not be read.
        """
        ingredients = Ingredients(
            scene,
            scene.character,
            history,
            turn=turn,
            wanted=wanted,
            user=user,
            cast=scene.cast or (scene.character,),
            joined=scene.join_mode == "join",
            older=len(history) >= HISTORY_LIMIT,
            facts=self._facts(scene.profile.profile),
            now=self._now(),
            rng=self._rng,
        )
        for contribute in self._contributors:
            ingredients = await contribute(ingredients)
        return build(ingredients)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC).astimezone(self._zone())
