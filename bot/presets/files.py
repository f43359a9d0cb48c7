"""Presets that people attach in Discord."""

import discord

from roleplay.errors import PresetError
from roleplay.phrases import say
from roleplay.presets.preset import Preset
from roleplay.presets.reading import LARGEST, read_preset


async def preset_of(file: discord.Attachment) -> Preset:
    """Raises `PresetError`: it is none, too large, or Discord does not give it."""
    name = file.filename[:80]
    if file.size > LARGEST:
        raise PresetError(say("{file}: larger than 512 KiB.", file=name))
    try:
        data = await file.read()
    except discord.HTTPException as exc:
        raise PresetError(
            say("{file} cannot be downloaded from Discord.", file=name),
            hint=say("Send it again."),
        ) from exc
    return read_preset(data, name)
