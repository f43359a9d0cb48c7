"""A preset's file, whichever of SillyTavern's kinds it is, or several in one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from pydantic import JsonValue, ValidationError

from roleplay.errors import PresetError
from roleplay.phrases import say
from roleplay.presets import handlebars
from roleplay.presets.preset import Fate, Preset
from roleplay.presets.sampling import NAMES, sampler_of
from roleplay.presets.story import Story
from roleplay.templates.sillytavern import InstructPreset

Json = Mapping[str, JsonValue]

LARGEST = 512 * 1024
"""Bytes of a file; a chat completion preset with many prompts has a hundred thousand."""

LONGEST = 20_000
"""Characters of one text that is taken."""

PARTS = ("preset", "context", "instruct", "sysprompt")
"""Of a "master" export, by SillyTavern's own names."""

CONTEXT_WHY = {
    "always_force_name2": "the prompt always says who speaks",
    "names_as_stop_strings": "the names of all who are there always end a reply",
    "trim_sentences": "a reply is shown while it is written",
    "allow_jailbreak": "post-history instructions are always sent",
    "story_string_position": "the story string always stands first",
    "story_string_depth": "the story string always stands first",
    "story_string_role": "the story string always stands first",
}

UNKNOWN_CONTEXT = "RoleForge has no such setting"


def read_preset(data: bytes, label: str) -> Preset:
    """`label` names the file, and the preset where it has no name itself.

    Raises:
        PresetError: no preset. The text names the file and the place.
    """
    document = _document(data, label)
    parts = _parts(document)
    if not parts:
        raise PresetError(
            say("{file}: no preset of SillyTavern.", file=label),
            hint=say(
                "It takes presets of text completion, chat completion and KoboldAI, context and "
                "system prompt templates, and master exports."
            ),
        )
    preset = Preset(_name(document, label))
    for kind, part in parts:
        preset = _with(preset, kind, part, label)
    return preset


def _document(data: bytes, label: str) -> Json:
    if len(data) > LARGEST:
        raise PresetError(say("{file}: larger than 512 KiB.", file=label))
    try:
        found = cast("JsonValue", json.loads(data.decode("utf-8-sig")))
    except json.JSONDecodeError as exc:
        place = {"line": exc.lineno, "column": exc.colno}
        raise PresetError(
            say("{file}: not JSON, see line {line}, column {column}.", file=label, **place)
        ) from exc
    except (UnicodeDecodeError, RecursionError, ValueError) as exc:
        raise PresetError(say("{file}: not JSON.", file=label)) from exc
    if not isinstance(found, dict):
        raise PresetError(say("{file}: expected an object: { … }.", file=label))
    return found


def _parts(document: Json) -> Sequence[tuple[str, Json]]:
    several = [(name, part) for name in PARTS if isinstance(part := document.get(name), dict)]
    if several:
        return [(name, part) for name, part in several]
    if "input_sequence" in document:
        return [("instruct", document)]
    if "story_string" in document:
        return [("context", document)]
    if isinstance(document.get("content"), str) and "prompts" not in document:
        return [("sysprompt", document)]
    return [("preset", document)] if NAMES.keys() & document.keys() else []


def _name(document: Json, label: str) -> str:
    inner = [document, *(part for _, part in _parts(document))]
    named = (part["name"] for part in inner if isinstance(part.get("name"), str))
    name = str(next(named, "")).strip() or label.rsplit("/", 1)[-1].removesuffix(".json")
    return " ".join(name.split())[:80] or say("preset")


def _with(preset: Preset, kind: str, part: Json, label: str) -> Preset:
    match kind:
        case "preset":
            return _with_sampler(preset, part, label)
        case "context":
            return _with_story(preset, part, label)
        case "sysprompt":
            return _with_instructions(preset, part, label)
        case _:
            return _with_instruct(preset, part, label)


def _with_sampler(preset: Preset, part: Json, label: str) -> Preset:
    sampler, fates = sampler_of({key: value for key, value in part.items() if key != "name"})
    prompts = _chat_prompts(part)
    fates = [each for each in fates if each.key != "prompts" or not prompts]
    fates += [
        Fate("system prompt", f"prompts.{key}", text, taken=name)
        for key, name in (("main", "main"), ("jailbreak", "post-history"))
        if (text := prompts.get(key))
    ]
    main = _text(prompts.get("main"), label, "prompts.main")
    last = _text(prompts.get("jailbreak"), label, "prompts.jailbreak")
    told = (*preset.fates, *fates)
    return replace(preset, sampler=sampler, main=main, post_history=last, fates=told)


def _chat_prompts(part: Json) -> dict[str, JsonValue]:
    """The texts of a chat completion preset's own prompts, by their identifiers."""
    prompts = part.get("prompts")
    listed = (
        [each for each in prompts if isinstance(each, dict)] if isinstance(prompts, list) else []
    )
    return {str(each.get("identifier")): each["content"] for each in listed if each.get("content")}


def _with_story(preset: Preset, part: Json, label: str) -> Preset:
    template = _text(part.get("story_string"), label, "story_string")
    try:
        handlebars.parse(template)
    except PresetError as exc:
        raise PresetError(f"{label}: story_string: {exc}", hint=exc.hint) from exc
    separator = _text(part.get("example_separator"), label, "example_separator")
    start = _text(part.get("chat_start"), label, "chat_start")
    stops = [separator, start] if part.get("use_stop_strings") else []
    line = ["\n"] if part.get("single_line") else []
    story = Story(template, separator, start, tuple(stop for stop in (*stops, *line) if stop))
    fates = [_context_fate(key, value) for key, value in part.items() if key != "name"]
    told = (*preset.fates, *fates)
    return replace(preset, story=story if template.strip() else None, fates=told)


def _context_fate(key: str, value: JsonValue) -> Fate:
    taken = {
        "story_string": "story string",
        "example_separator": "before each example",
        "chat_start": "before the chat",
        "use_stop_strings": "stop" if value else "",
        "single_line": "stop" if value else "",
    }.get(key, "")
    if taken:
        return Fate("context", key, value, taken=taken)
    off = say("off") if value is False else say(UNKNOWN_CONTEXT)
    return Fate("context", key, value, why=say(CONTEXT_WHY[key]) if key in CONTEXT_WHY else off)


def _with_instructions(preset: Preset, part: Json, label: str) -> Preset:
    main = _text(part.get("content"), label, "content")
    last = _text(part.get("post_history"), label, "post_history")
    taken = {"content": "main", "post_history": "post-history"}
    fates = [
        Fate("system prompt", key, value, taken[key])
        if key in taken
        else Fate("system prompt", key, value, why=say(UNKNOWN_CONTEXT))
        for key, value in part.items()
        if key != "name"
    ]
    return replace(
        preset,
        main=main or preset.main,
        post_history=last or preset.post_history,
        fates=(*preset.fates, *fates),
    )


def _with_instruct(preset: Preset, part: Json, label: str) -> Preset:
    try:
        InstructPreset.model_validate(part)
    except ValidationError as exc:
        fault = exc.errors(include_url=False)[0]
        key = ".".join(map(str, fault["loc"]))
        raise PresetError(f"{label}: {key}: {fault['msg']}") from exc
    fate = Fate(
        "instruct template",
        "instruct",
        None,
        why=say("the profile's affair: name this file as its template, with mode text"),
    )
    return replace(preset, instruct=True, fates=(*preset.fates, fate))


def _text(value: JsonValue, label: str, key: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PresetError(say("{file}: {key} is not a text.", file=label, key=key))
    if len(value) > LONGEST:
        raise PresetError(
            say(
                "{file}: {key} is longer than {most} characters.", file=label, key=key, most=LONGEST
            )
        )
    return value
