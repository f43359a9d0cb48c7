"""A bot as a process of its own, pointed at a fake Discord."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from fakes.discord import FakeDiscord

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).parent / "discord" / "launch.py"
PATIENCE = 20.0
TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """`async with Program(discord, log, "bot", "--config", file) as program:` runs `python -m bot`.

    A target that ends in `.py` is run as a file. Leaving the context kills what still runs. All
    that the process prints goes to the file `log`.
    """

    def __init__(
        self,
        discord: FakeDiscord,
        log: Path,
        target: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        place = (discord.base_url, discord.gateway.url)
        self._command = [sys.executable, "-P", str(LAUNCHER), *place, target, *arguments]
        self._env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(env or {})}
        self._cwd = cwd
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.started_at = 0.0

    async def __aenter__(self) -> Self:
        self.started_at = time.monotonic()
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                cwd=self._cwd,
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.returncode is None:
            await self.kill()
        if error:
            print(self.output)  # noqa: T201 - pytest shows it beside the failure

    @property
    def process(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the program was not started")
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        """All that was printed so far."""
        return self._log.read_text("utf-8", "replace")

    async def prints(self, text: str, seconds: float = PATIENCE) -> None:
        """Wait until it has printed the text.

        Raises:
            TimeoutError: it did not.
        """
        async with asyncio.timeout(seconds):
            while text not in self.output:  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(0.02)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """The exit code, once the process has ended by itself; negative: the signal.

        Raises:
            TimeoutError: it still runs.
        """
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.process.kill()
        await self.process.wait()

    async def terminate(self, seconds: float = PATIENCE) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended(seconds)

    @property
    def cpu_seconds(self) -> float:
        """User and system time used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory_mib(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
