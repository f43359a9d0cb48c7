"""The prompt that a channel's next reply would be written from."""

from dataclasses import replace

from roleplay.errors import NoPrompt
from roleplay.personas import Personas, present
from roleplay.phrases import say
from roleplay.prompting.assembler import HISTORY_LIMIT, Assembler
from roleplay.prompting.build import Assembled
from roleplay.scene import Scene, Scenes
from roleplay.transcript import Transcript


class Glance:
    """Reads as a turn does, and changes nothing."""

    def __init__(
        self, scenes: Scenes, transcript: Transcript, personas: Personas, assembler: Assembler
    ) -> None:
        self._scenes = scenes
        self._transcript = transcript
        self._personas = personas
        self._assembler = assembler

    async def at(
        self, channel_id: int, parent_id: int | None, guild_id: int | None, speaker: str = ""
    ) -> Assembled:
        """`speaker` is the name of a character of the channel, "" for the one that is first.

        Raises:
            NoPrompt: the channel is not bound, or has no such character.
            StorageError: something could not be read.
        """
        scene = await self._scenes.load(channel_id, parent_id, guild_id)
        if scene is None:
            raise NoPrompt(say("This channel is not bound: I am silent here."))
        scene = _spoken_by(scene, speaker)
        history = await self._transcript.recent(channel_id, HISTORY_LIMIT)
        scene = replace(scene, personas=await present(self._personas, history))
        return await self._assembler.assemble(scene, history, None)


def _spoken_by(scene: Scene, name: str) -> Scene:
    if not name:
        return scene
    for character in (*scene.cast, scene.character):
        if character.name.casefold() == name.casefold():
            return replace(scene, character=character)
    raise NoPrompt(say("There is no character “{name}” in this channel.", name=name))
