"""Check the config file and print what it comes to, with keys hidden."""

import argparse
from dataclasses import asdict
from typing import Any

from backends.sampler_report import sampler_report
from bot.config.load import Loaded
from bot.config.servers import addresses
from bot.profile_text import prompt_format, shown
from bot.terminal import (
    Exit,
    add_config,
    add_json,
    open_config,
    out,
    out_json,
    out_table,
    plain,
    warn,
)
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

HELP = "check the config file and show its profiles"

COLUMNS = (
    "Profile",
    "Type",
    "Address",
    "Model",
    "Key",
    "Window",
    "Prompt format",
    "Falls back to",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)


async def run(args: argparse.Namespace) -> int:
    """Exit code 0; a config with faults raises `ConfigError`."""
    loaded = open_config(args)
    if args.json:
        out_json(_as_json(loaded))
    else:
        _show(loaded)
        warn(loaded.warnings)
    return Exit.OK


def _as_json(loaded: Loaded) -> dict[str, Any]:
    return {
        "ok": True,
        "file": str(loaded.sources[0]),
        "defaultProfile": loaded.config.default_profile,
        "profiles": {
            name: _profile_json(profile) for name, profile in loaded.config.profiles.items()
        },
        "discord": {"token": loaded.config.discord.token is not None},
        "dataFolder": str(loaded.data_folder),
        "warnings": [asdict(problem) for problem in loaded.warnings],
    }


def _profile_json(profile: ConnectionProfile) -> dict[str, Any]:
    return profile.model_dump(mode="json", by_alias=True) | {
        "baseURL": _address(profile),
        "templateUsed": profile.text_template is not None,
        "samplerReport": list(map(asdict, sampler_report(profile))),
    }


def _address(profile: ConnectionProfile) -> str:
    return profile.base_url or addresses()[profile.type]


def _show(loaded: Loaded) -> None:
    profiles = loaded.config.profiles.values()
    out_table(
        [say(column) for column in COLUMNS],
        [_row(profile, loaded.config.default_profile) for profile in profiles],
    )
    _show_samplers(loaded)
    token = say("set") if loaded.config.discord.token else say("not set")
    out(say("Discord token: {token}. Data: {folder}", token=token, folder=loaded.data_folder))


def _show_samplers(loaded: Loaded) -> None:
    rows = [
        (profile.name, row.key, plain(shown(row.value)), row.fate)
        for profile in loaded.config.profiles.values()
        for row in sampler_report(profile)
    ]
    if rows:
        columns = ("Profile", "Sampler", "Value", "What the server gets")
        out_table([say(column) for column in columns], rows)


def _row(profile: ConnectionProfile, default: str) -> tuple[str, ...]:
    name = profile.name
    return (
        say("{name} (default)", name=name) if name == default else name,
        profile.type,
        _address(profile),
        profile.model or say("(the server's first)"),
        say("hidden") if profile.api_key else say("none"),
        str(profile.window),
        prompt_format(profile),
        ", ".join(profile.fallback_profiles),
    )
