"""Plain values to a `Config`, and pydantic's errors to findings."""

import json
from collections.abc import Collection, Iterator
from types import UnionType
from typing import cast, get_args, get_origin

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.config.findings import MOST, Finding, Path
from bot.config.messages import NUMBERS, nearest, sentence
from bot.config.models import Config
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile, Price, Timeouts
from roleplay.sampler import Sampler

Holder = dict[str | int, JsonValue]
"""An object or a list, as something with places."""

HOMES: dict[str, type[BaseModel]] = {
    "an entry of profiles": ConnectionProfile,
    "the sampler of a profile": Sampler,
    "the timeouts of a profile": Timeouts,
    "the price of a profile": Price,
}
"""Where keys belong that are most often put elsewhere."""

NAME = "name"
PRESET = "preset"
NOT_KEYS = frozenset({NAME, PRESET})
"""Of a profile, but not in the file: its name is its own key in `profiles`, its preset a file."""


def validate(data: JsonValue, variables: Collection[Path]) -> tuple[Config | None, list[Finding]]:
    """The config, or what is wrong with it.

    `variables` are the places that hold nothing but a variable's text: where a number or a truth
    value is expected, that text is read as one.
    """
    stray = list(_take_names(data))
    try:
        return _strict(data), stray
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
    spelled = [_spell_out(data, error) for error in errors if error["loc"] in variables]
    if any(spelled):
        try:
            return _strict(data), stray
        except ValidationError as exc:
            errors = exc.errors(include_url=False)
    return None, [*stray, *(_finding(error) for error in errors[:MOST])]


def _strict(data: JsonValue) -> Config:
    """From JSON text, because strict rules for Python values would refuse a list for a tuple."""
    text = json.dumps(data)
    return Config.model_validate_json(text, strict=True, by_alias=True, by_name=False)


def _take_names(data: JsonValue) -> Iterator[Finding]:
    """Give each profile its name, and refuse one that is written inside."""
    profiles = data.get("profiles") if isinstance(data, dict) else None
    for key, profile in (profiles if isinstance(profiles, dict) else {}).items():
        if isinstance(profile, dict):
            if NAME in profile:
                path = ("profiles", key, NAME)
                yield Finding(path, say("Unknown key. A profile's name is its key."), at_key=True)
            if profile.pop(PRESET, None) is not None:
                message = say("Unknown key. Write the preset's file as template.")
                yield Finding(("profiles", key, PRESET), message, at_key=True)
            profile[NAME] = key


def _spell_out(data: JsonValue, error: ErrorDetails) -> bool:
    """Replace a text by the number or truth value it spells; whether it does."""
    text = error["input"]
    if error["type"] not in NUMBERS or not isinstance(text, str):
        return False
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return False
    *way, last = error["loc"]
    for step in way:
        data = cast("Holder", data)[step]
    cast("Holder", data)[last] = value
    return True


def _finding(error: ErrorDetails) -> Finding:
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Finding(path, _unknown(path), at_key=True)
    if path[:1] == ("profiles",) and path[2:] == (NAME,):
        message = say("A profile's name has 1 to 64 letters, digits, dots, dashes or underscores.")
        return Finding(path[:2], message, at_key=True)
    return Finding(path, sentence(error))


def _unknown(path: Path) -> str:
    for home, model in HOMES.items():
        if path[-1] in _fields(model) and path[-1] not in NOT_KEYS:
            return say("This key belongs inside {home}.", home=say(home))
    return say("Unknown key.") + nearest(str(path[-1]), known_keys(path[:-1]))


def known_keys(path: Path) -> list[str]:
    """The keys of the section at a path; empty where there is no section."""
    kind: object = Config
    for step in path:
        kind = _inner(kind, step)
    hidden = NOT_KEYS if kind is ConnectionProfile else frozenset[str]()
    return [key for key in _fields(kind) if key not in hidden]


def _fields(kind: object) -> dict[str, FieldInfo]:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return {field.alias or name: field for name, field in kind.model_fields.items()}


def _inner(kind: object, step: str | int) -> object:
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    field = _fields(kind).get(str(step))
    annotation: object = field.annotation if field else None
    if get_origin(annotation) is UnionType:
        return next((option for option in get_args(annotation) if _fields(option)), None)
    return annotation
