"""A channel's preset in its prompts."""

from dataclasses import replace

from roleplay.presets.applied import preset_in_force, sampler_for_channel
from roleplay.presets.store import Presets
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.instructions import Instruction, Instructions


class PresetContributor:
    """After the settings: instructions that the channel itself has count before the preset's."""

    def __init__(self, presets: Presets) -> None:
        self._presets = presets

    async def __call__(self, here: Ingredients) -> Ingredients:
        scene = here.scene
        stored = await preset_in_force(self._presets, scene.channel_id, scene.parent_id)
        if stored is None:
            return here
        preset = stored.preset
        return replace(
            here,
            story=preset.story,
            sampler=sampler_for_channel(preset),
            instructions=Instructions(
                _nearest(here.instructions.main, preset.main),
                _nearest(here.instructions.post_history, preset.post_history),
            ),
        )


def _nearest(decided: Instruction, text: str) -> Instruction:
    own = decided.source in ("channel", "parent channel")
    return decided if own or not text else Instruction(text, "channel")
