"""What the playground plays: a character, and the profile that speaks for it."""

from collections.abc import Mapping

from bot.config.models import CharacterSection, ChatSection, Config, DiscordSection
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

EMBEDDED = "smollm2"

EDIT_SECONDS = 0.6
"""Quicker than Discord would bear, about as often as the page looks."""

INNKEEPER = CharacterSection(
    name="Rowan",
    prompt=(
        "You are {{char}}, the friendly keeper of a tavern in a fantasy world. You answer your "
        "guests in two short, warm and lively sentences."
    ),
)
"""Short, because the built-in model is small: told of the names before what guests say, it writes
such names itself."""

SMALL_MODEL = ConnectionProfile(
    name=EMBEDDED,
    type="embedded",
    model=EMBEDDED,
    sampler=Sampler(
        temperature=0.6, frequencyPenalty=0.5, presencePenalty=0.3, max_completion_tokens=80
    ),
)
"""The penalties keep a small model from repeating itself."""


def default_scene(found: Mapping[str, ConnectionProfile]) -> Config:
    """The innkeeper, spoken for by the first of the `found` profiles, else by the small model."""
    profiles = dict(found) or {EMBEDDED: SMALL_MODEL}
    return Config(
        defaultProfile=next(iter(profiles)),
        profiles=profiles,
        chat=ChatSection(character=INNKEEPER, editInterval=EDIT_SECONDS),
    )


def own_scene(config: Config, profile: str | None, file: str) -> Config:
    """A user's config for the playground: another default profile, and no Discord account.

    Raises:
        ConfigError: no such profile.
    """
    chosen = profile or config.default_profile
    if chosen not in config.profiles:
        known = ", ".join(config.profiles)
        raise ConfigError(
            [Problem(file, 0, 0, "profiles", say("There is no profile {name}.", name=chosen))],
            hint=say("There are: {known}", known=known),
        )
    return config.model_copy(update={"default_profile": chosen, "discord": DiscordSection()})
