"""Read a preset of SillyTavern, and tell what becomes of each of its keys.

FILE is a preset of text completion, chat completion or KoboldAI, a context, instruct or system
prompt template, or a master export. `import` prints what to write into config.json: the file itself
is yours, and nothing is changed. Exit codes: 0 done, 65 the file is no preset.
"""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from bot.profile_text import shown
from bot.terminal import Exit, add_json, err, out, out_json, out_table, plain
from roleplay.errors import PresetError
from roleplay.phrases import say
from roleplay.presets.preset import Preset
from roleplay.presets.reading import LARGEST, read_preset

HELP = "read a SillyTavern preset"

COLUMNS = ("Part", "Key", "Value", "Taken as", "Left out because")


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    show = actions.add_parser("show", help=say("tell what becomes of each key"))
    bring = actions.add_parser("import", help=say("print what to write into config.json"))
    bring.add_argument("--profile", required=True, metavar="P", help=say("the profile's name"))
    for action, act in ((show, _show), (bring, _import)):
        action.add_argument("file", metavar="FILE", type=Path)
        add_json(action)
        action.set_defaults(act=act)


async def run(args: argparse.Namespace) -> int:
    """Exit code 0; a file that is no preset raises `PresetError`."""
    args.act(_opened(args.file), args)
    return Exit.OK


def _opened(file: Path) -> Preset:
    try:
        with file.open("rb") as opened:
            return read_preset(opened.read(LARGEST + 1), str(file))
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise PresetError(say("{file} cannot be read: {why}.", file=file, why=why)) from exc


def _show(preset: Preset, args: argparse.Namespace) -> None:
    if args.json:
        out_json(_as_json(preset))
        return
    rows = [
        (fate.part, fate.key, plain(shown(fate.value))[:60], fate.taken, fate.why)
        for fate in preset.fates
    ]
    out(say("{name}: {parts}", name=preset.name, parts=", ".join(preset.parts) or "-"))
    out_table([say(column) for column in COLUMNS], rows)


def _as_json(preset: Preset) -> dict[str, Any]:
    return {
        "ok": True,
        "name": preset.name,
        "sampler": dict(preset.sampler),
        "story": asdict(preset.story) if preset.story else None,
        "main": preset.main,
        "postHistory": preset.post_history,
        "instruct": preset.instruct,
        "keys": [asdict(fate) for fate in preset.fates],
    }


def _import(preset: Preset, args: argparse.Namespace) -> None:
    """Standard output holds JSON alone, so that it can be merged by a script."""
    out_json({"profiles": {args.profile: _profile(preset, args.file)}})
    if preset.story and not args.json:
        err(say("The story string is for channels: bring the file in with /preset import."))


def _profile(preset: Preset, file: Path) -> Mapping[str, JsonValue]:
    template: dict[str, JsonValue] = {}
    if preset.instruct:
        template = {"mode": "text", "template": str(file)}
    return {**template, "sampler": dict(preset.sampler)} if preset.sampler else template
