"""All rungs of one profile, in order; what stands on a broken rung is skipped."""

from collections.abc import Iterable
from dataclasses import dataclass

from backends.auto import open_server
from backends.dialects import settled
from backends.doctor.identity import clock_offset, kind_of_server, other_type, working_address
from backends.doctor.route import RUNGS, look_at_route
from backends.doctor.verdicts import KEY_CODES, TOLD, verdicts
from backends.embedded.models import Progress
from backends.embedded.servers import embedded_servers
from backends.short_reply import short_reply
from roleplay.checkup import Check, failed, skipped
from roleplay.errors import BadResponse, EmbeddedFailed
from roleplay.phrases import say
from roleplay.ports import Clock, ProbeResult
from roleplay.profiles import ConnectionProfile


@dataclass(frozen=True, slots=True)
class Examined:
    """`clock_offset` is in seconds, positive where the server's clock is ahead; None: unknown."""

    profile: str
    checks: tuple[Check, ...]
    clock_offset: float | None = None


async def examine(
    profile: ConnectionProfile, clock: Clock, progress: Progress | None = None
) -> Examined:
    """Look at one profile by itself, without retries and fallbacks. Costs one short reply.

    An embedded server is started for it; `progress` is told while its model is fetched.
    """
    try:
        async with embedded_servers({profile.name: profile}, progress=progress) as served:
            return await _examine(settled(served[profile.name]), clock)
    except EmbeddedFailed as error:
        rest = _untried((*RUNGS, *TOLD))
        return Examined(profile.name, (failed("server", error), *rest))


async def _examine(profile: ConnectionProfile, clock: Clock) -> Examined:
    route = await look_at_route(profile, clock)
    if any(check.outcome == "error" for check in route):
        return Examined(profile.name, (*route, *_untried(("server", *TOLD))))
    offset = await clock_offset(profile, clock)
    async with open_server(profile, clock) as server:
        found = await server.probe()
        profile = server.profile  # of the type that was found, where it was to be found out
        identity = await _identity(profile, found, clock)
        if identity.outcome == "error" or found.state == "starting":
            return Examined(profile.name, (*route, identity, *_untried(TOLD)), offset)
        reply = None if found.code in KEY_CODES else await short_reply(server, clock)
    checks = (*route, identity, *verdicts(profile, found, reply))
    return Examined(profile.name, checks, offset)


async def _identity(profile: ConnectionProfile, found: ProbeResult, clock: Clock) -> Check:
    """Whether an LLM server answers there, and the one that the profile's type names."""
    kind = await kind_of_server(profile)
    if found.code in KEY_CODES or found.state == "up":
        return _right_or_other(profile, kind, found)
    if found.state == "starting":
        return Check("server", "warning", found.detail, found.hint, found.seconds)
    hint = found.hint
    if found.code == BadResponse.code:
        hint = await _advice(profile, kind, hint, clock)
    return Check("server", "error", found.detail, hint, found.seconds)


def _right_or_other(profile: ConnectionProfile, kind: str, found: ProbeResult) -> Check:
    if kind and other_type(profile, kind):
        detail = say("{kind} answers there, not {type}.", kind=kind, type=profile.type)
        hint = say("Change the type of {profile}.", profile=profile.name)
        return Check("server", "warning", detail, hint, found.seconds)
    detail = (
        say("{kind} answers.", kind=kind)
        if kind
        else say("A server of the type {type} answers.", type=profile.type)
    )
    return Check("server", "ok", detail, seconds=found.seconds)


async def _advice(profile: ConnectionProfile, kind: str, hint: str, clock: Clock) -> str:
    """What was found out beyond the `hint` that the answer itself gives."""
    if kind and other_type(profile, kind):
        return say("{kind} answers there: change the type of {name}.", kind=kind, name=profile.name)
    if url := await working_address(profile, clock):
        return say(
            "Set baseURL of {profile} to {url}: that was tried, and it answers.",
            profile=profile.name,
            url=url,
        )
    tried = say("The usual addresses there were tried, too: is this the right port?")
    return f"{hint} {tried}".strip()


def _untried(names: Iterable[str]) -> list[Check]:
    return [skipped(name, say("Not tried.")) for name in names]
