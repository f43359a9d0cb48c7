"""Gathers what a prompt is made of, and builds it."""

from collections.abc import Sequence

from roleplay.prompting.build import Assembled, build
from roleplay.prompting.ingredients import Contributor, Ingredients
from roleplay.scene import Scene
from roleplay.transcript import StoredMessage, Turn


class Assembler:
    """Asks each contributor in turn; a later one sees what the earlier ones brought."""

    def __init__(self, contributors: Sequence[Contributor] = ()) -> None:
        self._contributors = contributors

    async def assemble(
        self, scene: Scene, history: Sequence[StoredMessage], turn: Turn | None
    ) -> Assembled:
        """The prompt for a turn, or for one that might come: `turn` None.

        Raises:
            StorageError: something the prompt needs could not be read.
        """
        ingredients = Ingredients(
            scene, scene.character, history, turn=turn, cast=(scene.character,)
        )
        for contribute in self._contributors:
            ingredients = await contribute(ingredients)
        return build(ingredients)
