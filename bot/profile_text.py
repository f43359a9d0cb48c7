"""How a profile reads in Discord. Keys never appear."""

import json
from collections.abc import Sequence

from backends.sampler_report import Row
from roleplay.phrases import count, say
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile


def summary(profile: ConnectionProfile) -> str:
    """One line: name, model, server."""
    model = profile.model or say("the server's first model")
    where = profile.base_url or profile.type
    return say("**{name}**: {model} at {where}", name=profile.name, model=model, where=where)


def describe(
    profile: ConnectionProfile,
    samplers: Sequence[Row],
    *,
    found: ProbeResult | None = None,
    cautions: Sequence[str] = (),
) -> str:
    """Everything that is set, a line each, by the names of the config file.

    `samplers` say what becomes of the profile's sampler; `found` is what its server told.
    """
    lines = [summary(profile), say("Type: {type}", type=profile.type)]
    if profile.template:
        lines.append(say("Prompt format: {format}", format=prompt_format(profile)))
    lines.append(say("API key: set") if profile.api_key else say("API key: none"))
    lines.extend(_sampler(samplers))
    lines.append(_fallbacks(profile))
    lines.extend(_server(found) if found else [])
    lines.extend(f"⚠️ {caution}" for caution in cautions)
    return "\n".join(lines)


def prompt_format(profile: ConnectionProfile) -> str:
    """Whose template writes the prompt, and whether the profile's own lies idle."""
    if profile.mode == "text":
        return str(profile.template)
    if profile.template:
        return say("the server's own ({name} is not used)", name=profile.template)
    return say("the server's own")


def _sampler(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return [say("Sampler: the server's own settings")]
    return [f"{row.key}: {shown(row.value)} · {row.fate}" for row in rows]


def _server(found: ProbeResult) -> list[str]:
    """What the server told of itself, on one line."""
    told = [
        found.kind and say("found to be {kind}", kind=found.kind),
        found.version and say("version {version}", version=found.version),
        found.window and say("window {window} tokens", window=found.window),
        found.slots and say("{slots} at the same time", slots=found.slots),
        found.models and count(len(found.models), "{count} model", "{count} models"),
    ]
    known = ", ".join(str(each) for each in told if each)
    return [say("Server: {told}", told=known)] if known else []


def shown(value: object) -> str:
    """A sampler's value on one line, as JSON writes it."""
    return json.dumps(value, ensure_ascii=False)


def _fallbacks(profile: ConnectionProfile) -> str:
    if not profile.fallback_profiles:
        return say("Falls back to: nothing")
    return say("Falls back to: {names}", names=", ".join(profile.fallback_profiles))
