"""Show the prompt for a character's next reply, from files alone: nothing is asked or stored.

Blocks, tokens, which lore fired and which nearly did, and the messages or the text exactly as they
would be sent. Tokens are estimates where no server counted. Exit codes: 0 shown, 65 a file cannot
be used or the prompt does not fit, 78 the config is wrong.
"""

import argparse
import random
from pathlib import Path
from typing import Any

from backends.auto import open_server
from backends.line import Line
from backends.preview import Preview
from bot.clock import SystemClock
from bot.config.messages import nearest
from bot.config.models import ChatSection
from bot.prompts.inputs import Inputs, ingredients
from bot.prompts.report import as_json, lore_lines, rows, sent_text, totals
from bot.terminal import (
    Exit,
    add_config,
    add_json,
    err,
    open_config,
    out,
    out_json,
    out_table,
    plain,
)
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import Prompt
from roleplay.prompting.build import Assembled, build
from roleplay.tokens import weigh

HELP = "show the prompt for a character's next reply"

BARE = ConnectionProfile(name="any", baseURL="http://localhost/v1")
"""Without a config: some server that takes messages, with the smallest window in use."""

COLUMNS = ("Block", "Role", "Tokens", "Sent")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument(
        "--character", type=Path, required=True, metavar="FILE", help=say("the card that speaks")
    )
    parser.add_argument(
        "--lorebook", type=Path, action="append", default=[], metavar="FILE", help=say("repeatable")
    )
    parser.add_argument(
        "--chat", type=Path, metavar="FILE", help=say("a SillyTavern chat (JSONL) so far")
    )
    parser.add_argument(
        "--persona",
        action="append",
        default=[],
        metavar="NAME:TEXT",
        help=say("who a person is in the story; repeatable"),
    )
    parser.add_argument("--user", default="", metavar="NAME", help=say("who is answered"))
    parser.add_argument(
        "--profile", metavar="NAME", help=say("of the config; with neither: a window of 4096")
    )


async def run(args: argparse.Namespace) -> int:
    """Exit code 0 or 65; see the module."""
    profile, chat = _profile(args)
    given = Inputs(args.character, tuple(args.lorebook), args.chat, tuple(args.persona), args.user)
    here, notes = ingredients(given, profile, chat, SystemClock().now())
    assembled = build(here)
    preview = _preview(profile, assembled.prompt)
    if args.json:
        out_json(_whole(assembled, preview, notes))
        return Exit.OK
    for note in notes:
        err(plain(note))
    _show(assembled, preview)
    return Exit.OK


def _profile(args: argparse.Namespace) -> tuple[ConnectionProfile, ChatSection]:
    if not (args.config or args.profile):
        return BARE, ChatSection()
    loaded = open_config(args)
    config = loaded.config
    name = args.profile or config.default_profile
    if name not in config.profiles:
        message = say("There is no profile of this name.") + nearest(name, list(config.profiles))
        raise ConfigError([Problem(str(loaded.sources[0]), 0, 0, "--profile", message)])
    return config.profiles[name].model_copy(update={"name": name}), config.chat


def _preview(profile: ConnectionProfile, prompt: Prompt) -> Preview:
    """The connections are made and never opened."""
    clock = SystemClock()
    server = open_server(profile, clock)
    return Line(profile, server, clock=clock, rng=random.Random(), weigh=weigh).preview(prompt)


def _whole(assembled: Assembled, preview: Preview, notes: list[str]) -> dict[str, Any]:
    wire = {"url": preview.worded.url, "body": dict(preview.worded.body)}
    return {"ok": True, "notes": notes} | as_json(assembled, preview) | {"request": wire}


def _show(assembled: Assembled, preview: Preview) -> None:
    found = rows(preview.sizes)
    out_table(
        [say(column) for column in COLUMNS],
        [(row.label, row.role, str(row.tokens), row.fate) for row in found],
    )
    out(totals(preview))
    for line in lore_lines(assembled.report.ingredients.lore):
        out(plain(line))
    out(say("Ends at: {stops}", stops=" ".join(map(repr, preview.worded.stop))))
    out("")
    out(plain(sent_text(preview)))
