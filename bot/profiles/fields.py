"""A profile as the fields of a form, and back. A key is never typed, only its variable's name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from bot.config import jsonc
from bot.redaction import redact
from roleplay.errors import RoleForgeError
from roleplay.phrases import say

Body = Mapping[str, JsonValue]
"""The keys of an entry of `profiles`, variables not filled in."""

VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")

OWN_FIELDS = ("baseURL", "model", "apiKey", "fallbackProfiles")

LONGEST = 4000
"""Discord's own limit of a field, in characters."""


class KeyTyped(RoleForgeError):
    """A key was typed into Discord. Neither text nor hint holds it."""


class NotAForm(RoleForgeError):
    """Something of the form is not what it should be."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Text as it stands in the form; `further` is a JSON object with all other keys."""

    address: str = ""
    model: str = ""
    key: str = ""
    fallbacks: str = ""
    further: str = ""


def fields_of(body: Body) -> Fields:
    """What a form begins with. A key that is written out is left empty.

    Raises:
        KeyTyped: another field holds a key.
        NotAForm: it is too long for a form.
    """
    key, names = body.get("apiKey"), body.get("fallbackProfiles")
    rest = {name: value for name, value in body.items() if name not in OWN_FIELDS}
    found = Fields(
        address=str(body.get("baseURL") or ""),
        model=str(body.get("model") or ""),
        key=key if isinstance(key, str) and VARIABLE.fullmatch(key) else "",
        fallbacks=", ".join(map(str, names)) if isinstance(names, list) else "",
        further=json.dumps(rest, indent=1, ensure_ascii=False) if rest else "",
    )
    texts = [found.address, found.model, found.fallbacks, found.further]
    if any(redact(text) != text for text in texts):
        raise KeyTyped(
            say("This profile holds a key in another place than apiKey."),
            hint=say("It is not shown in Discord. Write it anew with /profiles add."),
        )
    if max(map(len, texts)) > LONGEST:
        raise NotAForm(say("This profile is too long for a form."), hint=say("Use config.json."))
    return found


def body_of(fields: Fields) -> dict[str, JsonValue]:
    """The profile that the fields describe; it is not checked any further.

    Raises:
        KeyTyped: a key was typed.
        NotAForm: the further keys are no JSON object, or stand twice.
        ConfigError: they are no JSON.
    """
    _refuse_keys(fields)
    body = _further(fields.further)
    twice = [name for name in OWN_FIELDS if name in body]
    if twice:
        names = ", ".join(twice)
        raise NotAForm(say("The form has a field of its own for {names}.", names=names))
    own: dict[str, JsonValue] = {
        "baseURL": fields.address.strip(),
        "model": fields.model.strip(),
        "apiKey": fields.key.strip(),
        "fallbackProfiles": [name.strip() for name in fields.fallbacks.split(",") if name.strip()],
    }
    return {**body, **{name: value for name, value in own.items() if value}}


def _refuse_keys(fields: Fields) -> None:
    key = fields.key.strip()
    texts = (fields.address, fields.model, fields.fallbacks, fields.further)
    if (not key or VARIABLE.fullmatch(key)) and all(redact(text) == text for text in texts):
        return
    raise KeyTyped(
        say("That looks like a key itself, and Discord has seen it now. Nothing was saved."),
        hint=say(
            "If it was a real key, revoke it at its service and make a new one. Write the new one "
            "as MY_KEY=… into .env beside config.json, and here only the name: ${MY_KEY}."
        ),
    )


def _further(text: str) -> dict[str, JsonValue]:
    if not text.strip():
        return {}
    document = jsonc.read(text, say("further keys"))
    if not isinstance(document.value, dict) or document.duplicates:
        raise NotAForm(
            say("The further keys are not one JSON object in which each key stands once."),
            hint=say("An example: {example}", example='{"sampler": {"temperature": 0.8}}'),
        )
    return document.value
