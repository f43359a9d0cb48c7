"""Every profile, open: chains to stream from, probes, and what to show of each."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache
from types import MappingProxyType, TracebackType
from typing import Self

from backends.auto import open_server
from backends.breaker import BreakerStatus
from backends.budgeted import ProfilePurse, budgeted
from backends.fallback import Fallback
from backends.host import place_of
from backends.limits import Queue
from backends.line import Line
from backends.preview import Preview
from backends.sampler_report import Row, sampler_report
from backends.server import Server
from roleplay.chat import ChatReply, StreamEvent
from roleplay.closing import closing
from roleplay.collect import collect
from roleplay.errors import AllProfilesFailed, NoSuchProfile
from roleplay.ladder import Completion, Spend
from roleplay.phrases import say
from roleplay.places import NOWHERE, Place
from roleplay.ports import Backend, Clock, Embedder, ProbeResult, Tokenizer
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import Prompt
from roleplay.tokens import weigh

CLOUD_DEADLINE = 120.0
"""Seconds for everything that one message may take."""

LOCAL_DEADLINE = 600.0
"""The same where a profile of the chain is local and may have to load its model first."""

REMEMBERED = 8192
"""Texts whose weight is kept: the same history is weighed on every turn."""

OpenServer = Callable[[ConnectionProfile, Clock], Server]


class Pool:
    """An async context manager over all profiles.

    `replace` swaps the profiles while streams run: those end on the connections they began on.
    `deadline` overrides the two deadlines above, and `purse` keeps the profiles' budgets; both may
    be set anew.
    """

    def __init__(
        self,
        profiles: Mapping[str, ConnectionProfile],
        *,
        clock: Clock,
        rng: random.Random,
        open_server: OpenServer = open_server,
        deadline: float | None = None,
    ) -> None:
        self._wanted = dict(profiles)
        self._clock = clock
        self._rng = rng
        self._open_server = open_server
        self.deadline = deadline
        self.purse: ProfilePurse | None = None
        self._weigh = lru_cache(REMEMBERED)(weigh)
        self._lines: dict[str, Line] = {}
        self._retired: set[Line] = set()
        self._replacing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.replace(self._wanted)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lines = [*self._lines.values(), *self._retired]
        self._lines = {}
        self._retired = set()
        await _close(lines)

    @property
    def profiles(self) -> Mapping[str, ConnectionProfile]:
        return MappingProxyType({name: line.profile for name, line in self._lines.items()})

    async def replace(self, profiles: Mapping[str, ConnectionProfile]) -> None:
        """Take over new profiles. An unchanged one keeps connections, breaker and queue."""
        async with self._replacing, AsyncExitStack() as undo:
            lines: dict[str, Line] = {}
            for name, profile in profiles.items():
                lines[name] = await self._line_for(name, profile, undo)
            undo.pop_all()
            left = [line for name, line in self._lines.items() if lines.get(name) is not line]
            self._lines = lines
            await self._retire(left)

    def chain(self, name: str) -> Backend:
        """The profile and its fallbacks as one `Backend`.

        Which profiles that are is decided when a stream begins, so a chain may be kept over a
        `replace`. A name that is not there fails like a chain in which nobody answers.
        """
        return _Chain(name, self)

    def alone(self, name: str) -> Backend:
        """The profile without its fallbacks; otherwise as `chain`."""
        return _Chain(name, self, alone=True)

    def deadline_seconds(self, name: str) -> float:
        """How long one message may take in all, every retry and fallback included."""
        if self.deadline is not None:
            return self.deadline
        local = name in self._lines and any(line.local for line in self._chain_lines(name))
        return LOCAL_DEADLINE if local else CLOUD_DEADLINE

    async def probe(self, name: str) -> ProbeResult:
        """Ask one profile's server for free whether it is there.

        Raises:
            NoSuchProfile: there is none of that name.
        """
        async with self._use([self._line(name)]) as (line,):
            return await line.probe()

    async def complete(self, name: str) -> Completion:
        """Ask one profile's model for the shortest answer: it costs a few tokens.

        Raises:
            NoSuchProfile: there is none of that name.
        """
        async with self._use([self._line(name)]) as (line,):
            return await line.complete()

    def most(self, name: str) -> Spend:
        """What such an answer may take at most."""
        return self._line(name).most

    def busy(self, name: str) -> bool:
        """Whether a message is being answered, or nobody has that name."""
        return name not in self._lines or self._lines[name].slots.queue.running > 0

    def place(self, name: str) -> Place:
        """Where its server stands."""
        if name not in self._lines:
            return NOWHERE
        return place_of(self._lines[name].server.profile.base_url)

    async def test(self, name: str, prompt: Prompt) -> ChatReply:
        """One request to one profile, whatever its breaker says; an answer closes the breaker.

        Raises:
            BackendError: what came instead of an answer.
        """
        deadline = self._clock.monotonic() + self.deadline_seconds(name)
        async with self._use([self._line(name)]) as (line,):
            return await collect(line.last_resort().stream(prompt, deadline))

    def tokenizer(self, name: str) -> Tokenizer | None:
        """None where the server does not count, or the profile is not there."""
        return self._lines[name].server.tokenizer if name in self._lines else None

    def embedder(self, name: str) -> Embedder | None:
        """None where the server makes no vectors, or the profile is not there."""
        return self._lines[name].server.embedder if name in self._lines else None

    def samplers(self, name: str) -> tuple[Row, ...]:
        """What becomes of each sampler key, by the server's table and by what it refused."""
        server = self._line(name).server
        return sampler_report(server.profile, server.refused)

    def known(self, name: str) -> ProbeResult | None:
        """What the last probe of a well server told; None: none was well so far."""
        return self._line(name).found

    def cautions(self, name: str) -> tuple[str, ...]:
        """What the profile's admin should know although its server answers."""
        return self._line(name).cautions

    def preview(self, name: str, prompt: Prompt) -> Preview:
        """What one profile would be sent now; see `FittedServer.preview`."""
        return self._line(name).preview(prompt)

    def chain_names(self, name: str) -> tuple[str, ...]:
        """The profile and its fallbacks, in the order in which they are asked."""
        return tuple(line.profile.name for line in self._chain_lines(name))

    def window(self, name: str) -> int:
        """Tokens that a profile's prompt and reply share, by everything known so far."""
        return self._line(name).window

    def breaker(self, name: str) -> BreakerStatus:
        return self._line(name).gate.status

    def queue(self, name: str) -> Queue:
        return self._line(name).slots.queue

    @asynccontextmanager
    async def fallback(self, name: str, *, alone: bool = False) -> AsyncGenerator[Fallback]:
        """The chain as it is now; its connections stay open inside the block."""
        chosen = [self._line(name)] if alone else self._chain_lines(name)
        async with self._use(chosen) as lines:
            candidates = [
                budgeted(line.candidate(last=line is lines[-1]), line.profile, self.purse)
                for line in lines
            ]
            yield Fallback(candidates, self._clock)

    def _line(self, name: str) -> Line:
        if name not in self._lines:
            raise NoSuchProfile(
                say("There is no profile named {name}.", name=name),
                hint=say("Choose one of: {names}.", names=", ".join(self._lines)),
                profile=name,
            )
        return self._lines[name]

    def _chain_lines(self, name: str) -> list[Line]:
        first = self._line(name)
        names = dict.fromkeys((name, *first.profile.fallback_profiles))
        return [self._lines[each] for each in names if each in self._lines]

    async def _line_for(self, name: str, profile: ConnectionProfile, undo: AsyncExitStack) -> Line:
        named = profile if profile.name == name else profile.model_copy(update={"name": name})
        old = self._lines.get(name)
        if old and old.profile == named:
            return old
        server = self._open_server(named, self._clock)
        line = Line(named, server, clock=self._clock, rng=self._rng, weigh=self._weigh)
        await line.open()
        undo.push_async_callback(line.close)
        return line

    @asynccontextmanager
    async def _use(self, lines: list[Line]) -> AsyncGenerator[list[Line]]:
        for line in lines:
            line.users += 1
        try:
            yield lines
        finally:
            for line in lines:
                line.users -= 1
            await self._close_unused()

    async def _retire(self, lines: Iterable[Line]) -> None:
        self._retired.update(lines)
        await self._close_unused()

    async def _close_unused(self) -> None:
        unused = {line for line in self._retired if not line.users}
        self._retired -= unused
        await _close(unused)


async def _close(lines: Iterable[Line]) -> None:
    for line in lines:
        await line.close()


class _Chain:
    """The `Backend` of a name, resolved when a stream begins."""

    def __init__(self, name: str, pool: Pool, *, alone: bool = False) -> None:
        self._name = name
        self._alone = alone
        self._pool = pool

    @property
    def name(self) -> str:
        return self._name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        try:
            async with (
                self._pool.fallback(self._name, alone=self._alone) as fallback,
                closing(fallback.stream(prompt, deadline)) as events,
            ):
                async for event in events:
                    yield event
        except NoSuchProfile as error:
            raise AllProfilesFailed(str(error), causes=[error], hint=error.hint) from error
