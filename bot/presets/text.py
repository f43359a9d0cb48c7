"""Presets and what is in force, as people read them."""

from collections.abc import Iterator, Mapping

from backends.sampling import chosen
from bot.profile_text import shown
from roleplay.phrases import say
from roleplay.presets.applied import PROFILES_OWN
from roleplay.presets.preset import Fate, Preset
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

MOST_LINES = 25
"""Of a report in Discord; the rest is in `roleforge preset show`."""


def report(preset: Preset, *, for_profile: bool = False) -> str:
    """What is used of a file in a channel, or of its sampler in a profile; then what is not."""
    fates = [fate for fate in preset.fates if fate.part == "sampler" or not for_profile]
    taken = [fate for fate in fates if fate.taken]
    left = [fate for fate in fates if not fate.taken and fate.why not in _dull()]
    parts = ", ".join(preset.parts) or say("nothing")
    lines = [say("**{name}**: {parts}", name=preset.name, parts=parts)]
    lines += [f"- {fate.key}: {_fate(fate, for_profile=for_profile)}" for fate in [*taken, *left]]
    if len(lines) > MOST_LINES:
        more = say("- and {count} more", count=len(lines) - MOST_LINES + 1)
        lines = [*lines[: MOST_LINES - 1], more]
    return "\n".join(line[:150] for line in lines)


def kept(preset: Preset) -> str:
    """A preset that is stored, without the report of its file."""
    lines = [say("**{name}**: {parts}", name=preset.name, parts=", ".join(preset.parts))]
    lines += [f"- {key}: {shown(value)[:80]}" for key, value in preset.sampler.items()]
    if preset.story:
        lines.append(say("- story string: {text}", text=shown(preset.story.template)[:300]))
    for label, text in (("main", preset.main), ("post-history", preset.post_history)):
        if text:
            lines.append(f"- {label}: {shown(text)[:300]}")
    return "\n".join(lines)


def in_force(preset: Preset | None, profile: ConnectionProfile | None, *, inherited: bool) -> str:
    """The sampler of a channel, each key with where it comes from."""
    if preset is None:
        head = say("This channel uses no preset.")
    elif inherited:
        head = say("This thread uses **{name}**, its channel's preset.", name=preset.name)
    else:
        head = say("This channel uses **{name}**.", name=preset.name)
    mine = dict(preset.sampler) if preset else {}
    own = {key: value for key, value in mine.items() if key not in PROFILES_OWN}
    lines = [say("- {key}: {value} (preset)", key=key, value=shown(own[key])) for key in own]
    lines += _of_profile(profile, own) if profile else []
    if preset and preset.story and profile and profile.mode != "text":
        lines.append(say("-# The story string waits for a profile with mode text."))
    return "\n".join([head, *lines])


def _of_profile(profile: ConnectionProfile, over: Mapping[str, object]) -> Iterator[str]:
    fields = Sampler.model_fields
    for field, value in chosen(profile.sampler).items():
        key = fields[field].alias or field
        if key not in over:
            yield say(
                "- {key}: {value} (profile {profile})",
                key=key,
                value=shown(value),
                profile=profile.name,
            )


def _fate(fate: Fate, *, for_profile: bool) -> str:
    if not fate.taken:
        return say("left out: {why}", why=fate.why)
    if fate.taken in PROFILES_OWN and not for_profile:
        return say("left out: a profile's own, {key} in config.json", key=fate.taken)
    return say("{name} = {value}", name=fate.taken, value=shown(fate.value))


def _dull() -> set[str]:
    """What nobody asks about."""
    return {say("off, which is as good as unset"), say("off")}
