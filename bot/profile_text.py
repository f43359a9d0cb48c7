"""How a profile reads in Discord. Keys never appear."""

from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile


def summary(profile: ConnectionProfile) -> str:
    """One line: name, model, server."""
    model = profile.model or say("the server's first model")
    where = profile.base_url or profile.type
    return say("**{name}**: {model} at {where}", name=profile.name, model=model, where=where)


def describe(profile: ConnectionProfile) -> str:
    """Everything that is set, a line each, by the names of the config file."""
    lines = [summary(profile), say("Type: {type}", type=profile.type)]
    if profile.template:
        lines.append(say("Template: {template}", template=profile.template))
    lines.append(say("API key: set") if profile.api_key else say("API key: none"))
    lines.extend(_sampler(profile))
    lines.append(_fallbacks(profile))
    return "\n".join(lines)


def _sampler(profile: ConnectionProfile) -> list[str]:
    chosen = profile.sampler.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    if not chosen:
        return [say("Sampler: the server's own settings")]
    return [f"{key}: {value}" for key, value in chosen.items()]


def _fallbacks(profile: ConnectionProfile) -> str:
    if not profile.fallback_profiles:
        return say("Falls back to: nothing")
    return say("Falls back to: {names}", names=", ".join(profile.fallback_profiles))
