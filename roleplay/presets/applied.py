"""A channel's preset in its prompts: a contributor."""

from roleplay.presets.preset import Preset
from roleplay.presets.store import Presets, StoredPreset
from roleplay.sampler import Sampler

PROFILES_OWN = frozenset({"maxContextTokens", "max_completion_tokens", "n"})
"""What a profile's window and server decide; a channel cannot change it."""


def sampler_for_channel(preset: Preset) -> Sampler | None:
    """What the preset changes for a channel; None: nothing."""
    keys = {key: value for key, value in preset.sampler.items() if key not in PROFILES_OWN}
    return Sampler.model_validate(keys) if keys else None


async def preset_in_force(
    presets: Presets, channel_id: int, parent_id: int | None
) -> StoredPreset | None:
    """The channel's own, else its parent's."""
    own = await presets.used(channel_id)
    return await presets.used(parent_id) if own is None and parent_id else own
