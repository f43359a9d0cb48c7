"""One child process: started, waited for until it serves, ended."""

import asyncio
import json
import logging
import sys
from collections import deque
from typing import Self, TypeVar

from backends.embedded import child as child_module
from backends.embedded.child import Launch
from roleplay.errors import EmbeddedFailed
from roleplay.phrases import say

log = logging.getLogger(__name__)

READY_SECONDS = 600.0
"""A large model on a slow disk loads for minutes."""

END_SECONDS = 5.0

LONGEST_LINE = 1 << 20

Stream = TypeVar("Stream")


class Child:
    """A running server. `address` is `http://127.0.0.1:PORT`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.address = ""
        self._process = process
        self._complaints = deque[str](maxlen=20)
        self._reader = asyncio.create_task(self._read_complaints())

    @classmethod
    async def start(cls, launch: Launch) -> Self:
        """Start a child and wait until its model is loaded.

        Raises:
            EmbeddedFailed: it did not start, ended before it could serve, or took longer than
                `READY_SECONDS`.
        """
        try:
            child = cls(await _spawn())
        except OSError as exc:
            raise _cannot_load(launch, str(exc)) from exc
        try:
            child.address = await child._greet(launch)
        except BaseException:
            await child.end()
            raise
        log.debug("%s is served at %s by process %s", launch["alias"], child.address, child.pid)
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """The exit code, once it has one; negative for a signal."""
        return await self._process.wait()

    async def end(self) -> None:
        """Close its pipe, which ends it; kill it if it does not."""
        _opened(self._process.stdin).close()
        try:
            await asyncio.wait_for(self._process.wait(), END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reader

    async def _greet(self, launch: Launch) -> str:
        _opened(self._process.stdin).write(json.dumps(launch).encode() + b"\n")
        try:
            async with asyncio.timeout(READY_SECONDS):
                line = await _opened(self._process.stdout).readline()
        except TimeoutError as late:
            raise _cannot_load(launch, say("it took too long")) from late
        if not line:
            await self._reader
            raise _cannot_load(launch, self._last_words())
        return json.loads(line)["address"]

    async def _read_complaints(self) -> None:
        stderr = _opened(self._process.stderr)
        while line := await stderr.readline():
            text = line.decode(errors="replace").rstrip()
            self._complaints.append(text)
            log.debug("llama.cpp: %s", text)

    def _last_words(self) -> str:
        errors = [line for line in self._complaints if "error" in line.lower()]
        return (errors or [*self._complaints] or [say("it gave no reason")])[-1]


async def _spawn() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # a folder named like a library, where the user happens to be, is not imported
        child_module.__file__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )


def _opened(stream: Stream | None) -> Stream:
    if stream is None:
        raise RuntimeError("the child was started without this pipe")
    return stream


def _cannot_load(launch: Launch, why: str) -> EmbeddedFailed:
    return EmbeddedFailed(
        say(
            "The embedded model {model} could not be loaded: {why}", model=launch["model"], why=why
        ),
        hint=say("It must be a whole .gguf file of a kind llama.cpp knows, and fit into memory."),
    )
