"""SillyTavern's sampler keys, of text completion, KoboldAI and chat completion, as ours.

Names from SillyTavern's `textgen-settings.js`, `kai-settings.js` and `openai.js`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import JsonValue, ValidationError

from roleplay.phrases import say
from roleplay.presets.preset import Fate
from roleplay.sampler import Sampler

NAMES = {
    "temp": "temperature",
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "min_p": "minP",
    "top_a": "topA",
    "tfs": "tfs",
    "typical_p": "typicalP",
    "typical": "typicalP",
    "rep_pen": "repetitionPenalty",
    "repetition_penalty": "repetitionPenalty",
    "freq_pen": "frequencyPenalty",
    "frequency_penalty": "frequencyPenalty",
    "presence_pen": "presencePenalty",
    "presence_penalty": "presencePenalty",
    "mirostat_mode": "mirostat",
    "mirostat": "mirostat",
    "mirostat_tau": "mirostatTau",
    "mirostat_eta": "mirostatEta",
    "dry_multiplier": "dryMultiplier",
    "dry_base": "dryBase",
    "dry_allowed_length": "dryAllowedLength",
    "dry_sequence_breakers": "drySequenceBreakers",
    "xtc_threshold": "xtcThreshold",
    "xtc_probability": "xtcProbability",
    "seed": "seed",
    "banned_tokens": "bannedStrings",
    "reasoning_effort": "reasoningEffort",
    "genamt": "max_completion_tokens",
    "openai_max_tokens": "max_completion_tokens",
    "max_length": "maxContextTokens",
    "openai_max_context": "maxContextTokens",
    "n": "n",
}

OFF: Mapping[str, tuple[JsonValue, ...]] = {
    "topP": (1,),
    "topK": (0, -1),
    "minP": (0,),
    "topA": (0,),
    "tfs": (1,),
    "typicalP": (1,),
    "repetitionPenalty": (1,),
    "frequencyPenalty": (0,),
    "presencePenalty": (0,),
    "mirostat": (0,),
    "dryMultiplier": (0,),
    "xtcProbability": (0,),
    "seed": (-1,),
    "bannedStrings": ("", []),
    "drySequenceBreakers": ("", []),
    "reasoningEffort": ("auto", ""),
    "n": (1,),
}
"""Values that mean: leave it alone. They are as good as unset, and some servers refuse them."""

NEEDS = {
    "mirostatTau": "mirostat",
    "mirostatEta": "mirostat",
    "dryBase": "dryMultiplier",
    "dryAllowedLength": "dryMultiplier",
    "drySequenceBreakers": "dryMultiplier",
    "xtcThreshold": "xtcProbability",
}
"""Keys that do nothing while another one is off."""

ELSEWHERE = (
    (("_model", "proxy", "custom_", "chat_completion_source", "api_"), "the profile says which"),
    (("order", "priority", "samplers"), "the server decides the order"),
    (("prompt", "format", "wrap_in_quotes", "names_behavior"), "RoleForge words this itself"),
    (("stream",), "replies always come as they are written"),
    (("token", "eos", "bos"), "the server's template decides"),
)
"""By a part of the key."""

UNKNOWN = "RoleForge has no such setting; extraBody in the profile takes what one server knows"


def sampler_of(data: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], list[Fate]]:
    """The keys of config.json that the preset comes to, and what became of each of its own."""
    wanted = {key: _value(key, value) for key, value in data.items() if key in NAMES}
    found: dict[str, JsonValue] = {}
    fates: list[Fate] = []
    for key, value in data.items():
        fate = _fate(key, value, wanted.get(key), found, wanted)
        fates.append(fate)
        if fate.taken:
            found[fate.taken] = wanted[key]
    return found, fates


def _fate(
    key: str,
    value: JsonValue,
    ours: JsonValue,
    found: Mapping[str, JsonValue],
    wanted: Mapping[str, JsonValue],
) -> Fate:
    name = NAMES.get(key)
    if name is None:
        return Fate("sampler", key, value, why=say(_elsewhere(key)))
    if name in found:
        return Fate("sampler", key, value, why=say("{name} is set already", name=name))
    if ours is None or any(ours == off for off in OFF.get(name, ())):
        return Fate("sampler", key, value, why=say("off, which is as good as unset"))
    if (other := NEEDS.get(name)) and not _is_on(other, wanted):
        return Fate("sampler", key, value, why=say("{other} is off", other=other))
    problem = _problem(name, ours)
    return Fate("sampler", key, value, taken="" if problem else name, why=problem)


def _elsewhere(key: str) -> str:
    parts = ((why, part) for some, why in ELSEWHERE for part in some)
    return next((why for why, part in parts if part in key), UNKNOWN)


def _is_on(name: str, wanted: Mapping[str, JsonValue]) -> bool:
    values = [value for key, value in wanted.items() if NAMES[key] == name]
    return any(value is not None and value not in OFF[name] for value in values)


def _problem(name: str, value: JsonValue) -> str:
    """Empty where the value is one that the config would take."""
    try:
        Sampler.model_validate({name: value})
    except ValidationError as exc:
        return say("not a usable value: {why}", why=exc.errors()[0]["msg"])
    return ""


def _value(key: str, value: JsonValue) -> JsonValue:
    if key == "dry_sequence_breakers":
        return _texts(value)
    if key == "banned_tokens":
        return _banned(value)
    if isinstance(value, float) and value.is_integer() and key in ("top_k", "seed", "n"):
        return int(value)
    return value


def _texts(value: JsonValue) -> JsonValue:
    """A list of texts, which SillyTavern keeps as JSON in a text, or divided by commas."""
    if not isinstance(value, str):
        return value
    try:
        parsed = cast("JsonValue", json.loads(value))
    except (ValueError, RecursionError):
        return [part for part in value.split(",") if part]
    return parsed if isinstance(parsed, list) else value


def _banned(value: JsonValue) -> JsonValue:
    """Lines; those in quotes are phrases, the others are token ids of one model."""
    if not isinstance(value, str):
        return value
    return list(_phrases(value.splitlines()))


def _phrases(lines: list[str]) -> Iterator[JsonValue]:
    for line in map(str.strip, lines):
        if len(line) > 2 and line[0] == line[-1] == '"':
            yield line[1:-1]
