"""Prompt templates in the config: their names, SillyTavern's files, and servers that take them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from pydantic import JsonValue, ValidationError

from bot.config.findings import Finding, Path
from bot.config.messages import nearest, sentence
from bot.config.servers import takes_text, types_that_take_text
from roleplay.phrases import say
from roleplay.profiles import PRESET_ENDING
from roleplay.templates.builtin import BUILT_IN
from roleplay.templates.sillytavern import InstructPreset, is_context_preset
from roleplay.templates.template import Template

MOST_BYTES = 256 * 1024
"""Of a preset's file; usual ones have two thousand."""


@dataclass
class Presets:
    """The templates of the profiles that name a file, and the files that were read for them."""

    templates: dict[str, Template] = field(default_factory=dict[str, Template])
    files: list[File] = field(default_factory=list[File])
    findings: list[Finding] = field(default_factory=list[Finding])


class Unusable(Exception):  # a signal inside this module, never shown
    """Why a file is no preset."""


def template_faults(path: Path, profile: Mapping[str, JsonValue]) -> Iterator[Finding]:
    """A template that nobody knows, or a mode that has no template."""
    template = profile.get("template")
    if isinstance(template, str) and template not in BUILT_IN and not _is_file(template):
        yield Finding((*path, "template"), _unknown(template))
    if profile.get("mode") == "text" and not template:
        message = say(
            "In mode text a template writes the prompt. Set template to {choice}.", choice=_choice()
        )
        yield Finding((*path, "mode"), message)


def mode_faults(path: Path, kind: str, address: str) -> Iterator[Finding]:
    """Mode text at a server, known and with a usable address, that takes messages only."""
    if not takes_text(kind, address):
        message = say(
            "This server takes messages only and applies its own template. Take mode out, or use "
            "a type of server that takes text: {types}.",
            types=", ".join(types_that_take_text()),
        )
        yield Finding((*path, "mode"), message)


def read_presets(profiles: Mapping[str, Mapping[str, JsonValue]], folder: File) -> Presets:
    """Read every file that a profile names as its template; relative paths start at `folder`."""
    presets = Presets()
    for name, profile in profiles.items():
        template = profile.get("template")
        if not (isinstance(template, str) and _is_file(template)):
            continue
        file = folder / File(template).expanduser()
        try:
            presets.templates[name] = _read(file, template)
            presets.files.append(file)
        except Unusable as exc:
            presets.findings.append(Finding(("profiles", name, "template"), str(exc)))
    return presets


def _is_file(template: str) -> bool:
    return template.lower().endswith(PRESET_ENDING)


def _unknown(template: str) -> str:
    near = nearest(template, [*BUILT_IN], list_known=False)
    known = near or say(" It is {choice}.", choice=_choice())
    return say("There is no template of this name.") + known


def _choice() -> str:
    return say(
        "one of {names}, or the file of a SillyTavern instruct preset", names=", ".join(BUILT_IN)
    )


def _read(file: File, name: str) -> Template:
    data = _json(file)
    if is_context_preset(data):
        raise Unusable(say("This is a context template. Export the instruct template instead."))
    try:
        return InstructPreset.model_validate(data).template(name)
    except ValidationError as exc:
        fault = exc.errors(include_url=False)[0]
        key = ".".join(map(str, fault["loc"]))
        raise Unusable(
            say("No SillyTavern instruct preset: {key}: {why}", key=key, why=sentence(fault))
            if key
            else say("No SillyTavern instruct preset: expected an object: { … }.")
        ) from exc


def _json(file: File) -> JsonValue:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Unusable(say("The file is larger than 256 KiB."))
        return json.loads(data.decode("utf-8-sig"))
    except FileNotFoundError as exc:
        raise Unusable(say("There is no such file. Paths start at the config's folder.")) from exc
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise Unusable(say("The file cannot be read: {why}.", why=why)) from exc
    except (UnicodeDecodeError, RecursionError) as exc:
        raise Unusable(say("The file is not JSON.")) from exc
    except json.JSONDecodeError as exc:
        where = say("line {line}, column {column}", line=exc.lineno, column=exc.colno)
        raise Unusable(say("The file is not JSON: see its {where}.", where=where)) from exc
