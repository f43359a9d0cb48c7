"""How this bot makes prompts: who contributes to them, by which settings."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

from backends.pool import Pool
from bot.config.models import PromptSection
from roleplay.ports import Clock
from roleplay.prompting.assembler import Assembler
from roleplay.prompting.ingredients import Contributor, Facts
from roleplay.prompting.instructions import Instruction, Instructions
from roleplay.prompting.settings import PromptSettings, SettingsContributor


class Prompting:
    """`section` reads the config as it is now; `further` contribute after the settings."""

    def __init__(
        self,
        settings: PromptSettings,
        pool: Pool,
        clock: Clock,
        section: Callable[[], PromptSection],
        further: Sequence[Contributor] = (),
    ) -> None:
        self._pool = pool
        self._section = section
        self.settings = SettingsContributor(settings, self._instructions)
        self.assembler = Assembler(
            (self.settings, *further), clock=clock, facts=self._facts, zone=self.zone
        )

    def _instructions(self) -> Instructions:
        section = self._section()
        return Instructions(Instruction(section.main), Instruction(section.post_history))

    def _facts(self, name: str) -> Facts:
        profile = self._pool.profiles.get(name)
        if profile is None:
            return Facts()
        text = profile.mode == "text"
        return Facts(profile.model, self._pool.window(name), profile.reply_tokens, text)

    def zone(self) -> tzinfo | None:
        """Where the people live; None: where this machine is."""
        name = self._section().timezone
        return ZoneInfo(name) if name else None
