"""The way to a server, below HTTP: its name, its port, its certificate."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, cast

from backends.address import host_of, is_local, port_of
from backends.http import authorities, proxy_for
from backends.network import connect_timeout, network_error
from backends.timers import Limits
from roleplay.checkup import Check, failed, skipped
from roleplay.phrases import count, say
from roleplay.ports import Clock
from roleplay.profiles import ConnectionProfile

RUNGS = ("name", "connect", "tls")

SOON = 14
"""Days before the end of a certificate at which one is warned."""

DAY = 86400

FAILURES = (OSError, TimeoutError, UnicodeError)
"""A name that no host can have (an empty or overlong label) is a UnicodeError."""

Rung = Callable[[ConnectionProfile, Clock], Awaitable[Check]]


async def look_at_route(profile: ConnectionProfile, clock: Clock) -> list[Check]:
    """One check for each of `RUNGS`; after an error the rest is skipped."""
    url = profile.base_url
    if proxy := proxy_for(url):
        why = say("Requests go through the proxy {host}.", host=proxy.url.host)
        return [skipped(name, why) for name in RUNGS]
    checks: list[Check] = []
    for name, climb in zip(RUNGS, (_name, _connect, _tls), strict=True):
        if checks and checks[-1].outcome == "error":
            checks += [skipped(rest, say("Not tried.")) for rest in RUNGS[len(checks) :]]
            break
        checks.append(await _timed(name, climb, profile, clock))
    return checks


async def _timed(name: str, climb: Rung, profile: ConnectionProfile, clock: Clock) -> Check:
    started = clock.monotonic()
    try:
        async with asyncio.timeout(Limits(profile).connect):
            check = await climb(profile, clock)
    except TimeoutError:
        return failed(name, connect_timeout(profile.base_url), clock.monotonic() - started)
    except FAILURES as exc:
        error = network_error(_known(exc), profile.base_url)
        return failed(name, error, clock.monotonic() - started)
    return Check(name, check.outcome, check.detail, check.hint, clock.monotonic() - started)


def _known(error: Exception) -> Exception:
    return socket.gaierror(str(error)) if isinstance(error, UnicodeError) else error


async def _name(profile: ConnectionProfile, clock: Clock) -> Check:
    del clock
    host, port = host_of(profile.base_url), port_of(profile.base_url)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if addresses == [host]:
        return Check("name", "ok", say("{host} needs no looking up.", host=host))
    return Check("name", "ok", say("{host} is {all}.", host=host, all=", ".join(addresses)))


async def _connect(profile: ConnectionProfile, clock: Clock) -> Check:
    del clock
    host, port = host_of(profile.base_url), port_of(profile.base_url)
    _, writer = await asyncio.open_connection(host, port)
    writer.transport.abort()
    return Check("connect", "ok", say("Something listens at {host}:{port}.", host=host, port=port))


async def _tls(profile: ConnectionProfile, clock: Clock) -> Check:
    url = profile.base_url
    if not url.startswith("https:"):
        return _unencrypted(profile)
    host = host_of(url)
    _, writer = await asyncio.open_connection(
        host, port_of(url), ssl=authorities(url), server_hostname=host
    )
    certificate = cast("dict[str, Any]", writer.get_extra_info("peercert"))
    writer.transport.abort()
    days = int((ssl.cert_time_to_seconds(str(certificate["notAfter"])) - clock.now()) // DAY)
    return certificate_check(days)


def certificate_check(days: int) -> Check:
    """For a certificate that is trusted and holds for so many more days."""
    one = "The certificate is trusted and holds for {count} more day."
    detail = count(days, one, "The certificate is trusted and holds for {count} more days.")
    if days >= SOON:
        return Check("tls", "ok", detail)
    return Check("tls", "warning", detail, say("Renew it, or see that it is renewed by itself."))


def _unencrypted(profile: ConnectionProfile) -> Check:
    if is_local(profile.base_url) or not profile.api_key:
        return skipped("tls", say("Plain http, without encryption."))
    return Check(
        "tls",
        "warning",
        say("Plain http: the key and every message can be read on the way."),
        say("Use https:// in baseURL, if the server offers it."),
    )
