"""Ask a profile one question and print the reply while it is written.

The question goes the same way as a message from Discord: retries, fallback profiles and time
limits as the config has them. Exit codes: 0 answered, 69 nobody answered, 78 the config is wrong.
"""

import argparse
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import asdict
from typing import Any

from rich.console import Console

from backends.pool import Pool
from bot.clock import SystemClock
from bot.config.load import Loaded
from bot.config.messages import nearest
from bot.fetching import Fetching
from bot.pool import open_pool
from bot.terminal import (
    Exit,
    add_config,
    add_json,
    complain,
    err,
    error_json,
    open_config,
    out,
    out_json,
    plain,
    warn,
)
from roleplay.chat import Attempt, ChatReply, StreamEvent
from roleplay.closing import closing
from roleplay.collect import collect
from roleplay.errors import BackendError, ConfigError, Problem
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import REQUIRED, Block, Prompt

HELP = "get one reply from a profile"

Show = Callable[[StreamEvent], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("--profile", metavar="NAME", help=say("instead of the default profile"))
    parser.add_argument("text", metavar="TEXT", help=say("what to say; - reads standard input"))


async def run(args: argparse.Namespace) -> int:
    """Exit code 0 or 69."""
    loaded = open_config(args)
    name = _profile(loaded, args.profile)
    text = sys.stdin.read() if args.text == "-" else args.text
    with Fetching() as progress:
        async with open_pool(
            _chain(loaded, name),
            clock=SystemClock(),
            deadline=loaded.config.chat.deadline,
            progress=progress,
        ) as pool:
            if args.json:
                return await _ask_json(pool, name, text)
            warn(loaded.warnings)
            return await _ask(pool, name, text)


def _profile(loaded: Loaded, wanted: str | None) -> str:
    name = wanted or loaded.config.default_profile
    known = list(loaded.config.profiles)
    if name not in known:
        message = say("There is no profile of this name.") + nearest(name, known)
        raise ConfigError([Problem(str(loaded.sources[0]), 0, 0, "--profile", message)])
    return name


def _chain(loaded: Loaded, name: str) -> dict[str, ConnectionProfile]:
    """Only these are opened: an embedded profile that is not needed need not start."""
    profiles = loaded.config.profiles
    return {each: profiles[each] for each in (name, *profiles[name].fallback_profiles)}


async def _ask(pool: Pool, name: str, text: str) -> int:
    waiting = Console(stderr=True).status(say("Asking {name} …", name=name))

    def show(event: StreamEvent) -> None:
        if isinstance(event, Attempt):
            _note(event)
        elif event.text and event.choice == 0:
            waiting.stop()
            out(plain(event.text), end="")

    try:
        with waiting:
            reply = await _reply(pool, name, text, show)
    except BackendError as error:
        complain(error)
        return Exit.UNAVAILABLE
    out("")
    if reply.finish_reason != "stop":
        err(say("(ended early: {reason})", reason=reply.finish_reason))
    return Exit.OK


def _note(attempt: Attempt) -> None:
    """A request that failed, so that a long wait explains itself."""
    if attempt.outcome == "answered":
        return
    line = say("{name}: {detail}", name=attempt.profile, detail=attempt.detail or attempt.outcome)
    again = say(" Again in {wait} s.", wait=round(attempt.wait, 1)) if attempt.wait else ""
    err(plain(line) + again)


async def _ask_json(pool: Pool, name: str, text: str) -> int:
    try:
        reply = await _reply(pool, name, text, lambda _: None)
    except BackendError as error:
        attempts = [_attempt(attempt) for attempt in error.attempts]
        nothing = {"text": "", "finish_reason": None, "served_by": None}
        out_json(nothing | {"attempts": attempts, "usage": None, "error": error_json(error)})
        return Exit.UNAVAILABLE
    out_json(
        {
            "text": reply.text,
            "finish_reason": reply.finish_reason,
            "served_by": reply.served_by,
            "model": reply.model,
            "attempts": [_attempt(attempt) for attempt in reply.attempts],
            "usage": asdict(reply.usage) if reply.usage else None,
        }
    )
    return Exit.OK


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "profile": attempt.profile,
        "outcome": attempt.outcome,
        "seconds": round(attempt.seconds, 3),
        "status": attempt.status,
        "detail": attempt.detail,
        "wait": round(attempt.wait, 3),
    }


async def _reply(pool: Pool, name: str, text: str, show: Show) -> ChatReply:
    deadline = SystemClock().monotonic() + pool.deadline_seconds(name)
    prompt = Prompt((Block("question", "user", text, REQUIRED),))
    return await collect(_shown(pool.chain(name).stream(prompt, deadline), show))


async def _shown(events: AsyncIterator[StreamEvent], show: Show) -> AsyncGenerator[StreamEvent]:
    async with closing(events) as stream:
        async for event in stream:
            show(event)
            yield event
