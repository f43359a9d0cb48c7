"""Which characters speak under their own names."""

from typing import Literal

from bot.voices.shelf import AvatarShelf
from roleplay.scene import Character
from roleplay.voices import Voice, Voices

VoiceSetting = Literal["characters", "all", "none"]
"""characters: those that were added. all: the config's too. none: everyone speaks as the bot."""


class ChosenVoices(Voices):
    """`setting` may be set anew while the bot runs."""

    def __init__(self, setting: VoiceSetting, shelf: AvatarShelf) -> None:
        self.setting = setting
        self._shelf = shelf

    async def of(self, character: Character) -> Voice | None:
        if self.setting == "none" or (self.setting == "characters" and character.id == 0):
            return None
        avatar = await self._shelf.address(character.id) if character.id else ""
        return Voice(character.name, avatar)
