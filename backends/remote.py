"""A `Server` over HTTP: one dialect, one set of connections, one profile."""

import ssl
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import fields, replace
from types import TracebackType
from typing import Self

from backends.advice import other_models
from backends.cancel import Cancel, cancelling
from backends.classify import classify
from backends.continuing import PLAIN, Prefill, prepared, rest_of
from backends.dialect import Found, Refusal, WireRequest
from backends.dialects import dialect_for, settled
from backends.embedding import SECONDS, ServerEmbedder
from backends.endings import broken, cut_short, silent
from backends.extra_body import extra_headers, with_extra_body
from backends.hints import secrets_of
from backends.host import host_answers
from backends.http import HttpClient
from backends.incoming import Incoming, Refused
from backends.model_list import is_listed
from backends.preview import Worded
from backends.questions import ask, ask_all, ask_models, refusal_of, succeeded
from backends.redact import redact
from backends.refused_keys import RefusedKeys
from backends.role_order import RoleOrder
from backends.speech import Speech
from backends.stops import all_stops
from backends.timers import Limits, Timers, probe_timeout
from backends.tokens import ServerTokenizer
from backends.wording import begins_with_space, encoded, worded
from roleplay.chat import AnyRequest, ChatRequest, Delta
from roleplay.errors import BackendError, NoSuchModel
from roleplay.phrases import say
from roleplay.ports import Clock, Embedder, ProbeResult, ProbeState, Tokenizer, Vector
from roleplay.profiles import ConnectionProfile

NOTHING = Found()


class RemoteServer:
    """See `backends.server.Server`. `tls` replaces the usual trusted authorities.

    A key that the server refuses by name is left out and the request sent once more; from then on
    that model is not sent it. The same goes for an order of roles that its template refuses. A
    profile without `model` uses the first one its server lists, until the server says that there is
    no such model.
    """

    def __init__(
        self, profile: ConnectionProfile, clock: Clock, tls: ssl.SSLContext | None = None
    ) -> None:
        self.profile = settled(profile)
        self._clock = clock
        self._dialect = dialect_for(profile)
        self._limits = Limits(self.profile)
        headers = self._dialect.headers(self.profile) | extra_headers(self.profile)
        self._chat = HttpClient(self.profile.base_url, headers, self._limits.connect, tls)
        self._free = HttpClient(self.profile.base_url, headers, self._limits.connect, tls)
        self._stack = AsyncExitStack()
        self._first_model = ""
        self._refused = RefusedKeys(profile.name)
        self._order = RoleOrder(profile.name)
        self._embedder = ServerEmbedder(self._dialect.vocabulary(self.profile), self._embed)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._chat)
            await stack.enter_async_context(self._free)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    @property
    def tokenizer(self) -> Tokenizer | None:
        if self._dialect.count("", self.profile) is None:
            return None
        return ServerTokenizer(self._dialect.vocabulary(self.profile), self._count)

    @property
    def embedder(self) -> Embedder | None:
        return None if self._dialect.embed((), self.profile) is None else self._embedder

    @property
    def refused(self) -> frozenset[str]:
        """See `Server.refused`."""
        return self._refused.of(self.profile.model or self._first_model)

    async def stream(self, request: ChatRequest, deadline: float) -> AsyncGenerator[Delta]:
        """See `Server.stream`."""
        prefill = self._prefill
        source = self._speak(prepared(request, prefill), deadline)
        if request.continues:
            source = rest_of(request.messages[-1].text, source, prefill)
        async with aclosing(source) as deltas:
            async for delta in deltas:
                yield delta

    def preview(self, request: ChatRequest) -> Worded:
        """See `Server.preview`."""
        asked = worded(prepared(request, self._prefill), self.profile)
        model = self.profile.model or self._first_model
        asked = self._order.arranged(asked, model)
        wire = self._wire(asked, self.profile.model_copy(update={"model": model}))
        return Worded(asked, wire.url, wire.body or {}, all_stops(asked, self.profile))

    @property
    def _prefill(self) -> Prefill | None:
        return PLAIN if self.profile.mode == "text" else self._dialect.prefill(self.profile)

    async def _speak(self, request: ChatRequest, deadline: float) -> AsyncGenerator[Delta]:
        asked = worded(request, self.profile)
        spaced = begins_with_space(request, self.profile)
        speech = Speech(all_stops(asked, self.profile), self.profile.sampler.n, spaced=spaced)
        timers = Timers(self._limits, deadline, self._clock.monotonic)
        failure = None
        try:
            async with aclosing(self._exchange(asked, timers, speech)) as deltas:
                async for delta in deltas:
                    yield replace(delta, served_by=self.profile.name)
        except (BackendError, Refused) as exc:
            failure = await self._advised(self._ours(exc))
            if not speech.visible:
                raise failure from exc
        for delta in speech.close("cut" if failure else "stop"):
            yield replace(delta, served_by=self.profile.name)
        if failure:
            raise self._ours(broken(failure, speech)) from failure
        if not speech.visible:
            raise self._ours(silent(speech, self.profile))

    async def probe(self) -> ProbeResult:
        """See `Server.probe`."""
        started = self._clock.monotonic()
        found, error = NOTHING, None
        try:
            found = await self._find()
        except BackendError as exc:
            error = await self._advised(exc)
        seconds = self._clock.monotonic() - started
        result = result_of(self.profile.name, error, seconds, found)
        listed = is_listed(self.profile.model, found.models)
        return replace(result, host=await host_answers(self.profile, error), listed=listed)

    async def models(self) -> tuple[str, ...]:
        """See `Server.models`."""
        try:
            async with probe_timeout(self._limits.probe):
                return await ask_models(self._free, self._dialect.probe(self.profile))
        except (BackendError, Refused) as exc:
            raise self._ours(exc) from exc

    async def _exchange(
        self, request: AnyRequest, timers: Timers, speech: Speech
    ) -> AsyncGenerator[Delta]:
        """Send, and show the pieces until the reply is over, by whoever's word."""
        async with cancelling(self._free) as cancel, AsyncExitStack() as stack:
            incoming = await self._begin(request, timers, stack, cancel)
            pieces = await stack.enter_async_context(aclosing(incoming.deltas()))
            while not speech.stopped:
                raw = await _next(pieces, timers, over=speech.complete or incoming.ended)
                if raw is None:
                    cancel.request = None
                    break
                if raw.text or raw.reasoning:
                    timers.progress()
                if shown := speech.feed(raw):
                    yield shown
                if speech.complete or incoming.ended:
                    timers.ending()
        if not (speech.whole or incoming.ended):
            raise cut_short()

    async def _begin(
        self, request: AnyRequest, timers: Timers, stack: AsyncExitStack, cancel: Cancel
    ) -> Incoming:
        profile = await timers.wait(self._with_model())
        try:
            return await self._send(request, profile, timers, stack, cancel)
        except Refused as refused:
            changed = profile
            if not refused.learned:
                changed = await self._other_model(refused, profile, timers)
            if changed is None:
                raise
        return await self._send(request, changed, timers, stack, cancel)

    async def _send(
        self,
        request: AnyRequest,
        profile: ConnectionProfile,
        timers: Timers,
        stack: AsyncExitStack,
        cancel: Cancel,
    ) -> Incoming:
        wire = self._wire(request, profile)
        cancel.request = wire.cancel
        reply = await timers.wait(stack.enter_async_context(self._chat.send(wire)))
        if succeeded(reply):
            return Incoming(reply, self._dialect)
        cancel.request = None
        refusal = await timers.wait(refusal_of(reply))
        learned = self._order.learn(refusal.body, request, profile.model) or self._refused.learn(
            self._classified(refusal), wire, profile.model
        )
        raise Refused(refusal, learned=learned)

    def _wire(self, request: AnyRequest, profile: ConnectionProfile) -> WireRequest:
        arranged = self._order.arranged(request, profile.model)
        wire = with_extra_body(encoded(self._dialect, arranged, profile), profile)
        return self._refused.strip(wire, profile.model)

    async def _with_model(self) -> ConnectionProfile:
        if self.profile.model:
            return self.profile
        if not self._first_model:
            self._first_model = next(iter(await self.models()), "")
        return self.profile.model_copy(update={"model": self._first_model})

    async def _other_model(
        self, refused: Refused, used: ConnectionProfile, timers: Timers
    ) -> ConnectionProfile | None:
        """The profile with the model listed now, where the one remembered has gone."""
        gone = isinstance(self._classified(refused.refusal), NoSuchModel)
        if self.profile.model or not gone:
            return None
        self._first_model = ""
        profile = await timers.wait(self._with_model())
        return profile if profile.model != used.model else None

    async def _find(self) -> Found:
        try:
            async with probe_timeout(self._limits.probe):
                return await ask_all(self._free, self._dialect.probe(self.profile))
        except (BackendError, Refused) as exc:
            raise self._ours(exc) from exc

    async def _count(self, text: str) -> int:
        question = self._dialect.count(text, self.profile)
        try:
            async with probe_timeout(self._limits.probe):
                return await ask(self._free, question) if question else 0
        except (BackendError, Refused) as exc:
            raise self._ours(exc) from exc

    async def _embed(self, texts: Sequence[str]) -> list[Vector]:
        try:
            async with probe_timeout(SECONDS, say("It may be busy or hang.")):
                question = self._dialect.embed(texts, await self._with_model())
                return await ask(self._chat, question) if question else []
        except (BackendError, Refused) as exc:
            raise self._ours(exc) from exc

    async def _advised(self, error: BackendError) -> BackendError:
        """Where the model is not there, the hint names those that are."""
        if isinstance(error, NoSuchModel):
            with suppress(BackendError):
                models = await self.models()
                error.hint = f"{error.hint} {other_models(self.profile.model, models)}".strip()
        return error

    def _classified(self, refusal: Refusal) -> BackendError:
        special = self._dialect.classify(refusal, self.profile)
        return special or classify(refusal, self.profile, self._clock.now())

    def _ours(self, error: BackendError | Refused) -> BackendError:
        """The error as it may be shown: classified, with the profile's name, without its key."""
        ours = self._classified(error.refusal) if isinstance(error, Refused) else error
        secrets = secrets_of(self.profile)
        ours.args = (redact(str(ours), secrets),)
        ours.hint = redact(ours.hint, secrets)
        ours.profile = self.profile.name
        return ours


def result_of(
    name: str, error: BackendError | None, seconds: float, found: Found = NOTHING
) -> ProbeResult:
    """What a profile's probe says; an error that is not the server's fault leaves it up."""
    if error is None or not (error.unhealthy or error.code == "loading"):
        told = {each.name: getattr(found, each.name) for each in fields(found)}
        return ProbeResult(name, "up", seconds, **told)
    state: ProbeState = "starting" if error.code == "loading" else "down"
    return ProbeResult(name, state, seconds, error.code, str(error), error.hint)


async def _next(pieces: AsyncGenerator[Delta], timers: Timers, *, over: bool) -> Delta | None:
    """The next piece, None at the end; what fails after the reply is over does no harm."""
    try:
        return await timers.wait(anext(pieces, None))
    except (BackendError, Refused):
        if over:
            return None
        raise
