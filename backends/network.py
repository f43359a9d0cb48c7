"""What went wrong below HTTP, told from the chain of causes, whichever client raised it."""

import errno
import socket
import ssl
from collections.abc import Iterator

from backends.address import host_of, is_local, is_loopback, port_of
from backends.redact import showable
from roleplay.errors import BackendError, TimedOut, TlsFailed, Unreachable
from roleplay.phrases import say

EXPIRED = 10
SELF_SIGNED = (18, 19)
NO_ISSUER = (20, 21)
WRONG_HOST = 62
"""X509_V_ERR codes of OpenSSL."""

NOT_ROUTABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EADDRNOTAVAIL)

NOT_RUNNING = {
    11434: "Start Ollama: `ollama serve`, or its app.",
    1234: "Start LM Studio's server: Developer tab, Start server, or `lms server start`.",
    5000: "Start text-generation-webui with --api (its console names the port), or TabbyAPI.",
    5001: "Start KoboldCpp.",
    8000: "vLLM listens only after its model is loaded; look at its log.",
    8080: "Start llama-server.",
    4000: "Start the LiteLLM proxy.",
}
"""By the port that a kind of server usually has."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it came from; groups (several addresses tried) included."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = getattr(one, "exceptions", ())
        waiting += [one.__cause__, one.__context__, *inner, getattr(one, "os_error", None)]


def network_error(error: BaseException, url: str) -> BackendError:
    """The first cause that says something decides."""
    return next((told for cause in causes(error) if (told := _told_by(cause, url))), lost(url))


def _told_by(cause: BaseException, url: str) -> BackendError | None:
    if isinstance(cause, ssl.SSLError) and not hasattr(cause, "reason"):
        return None  # aiohttp's own error of this class is empty; its cause is not
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _certificate(cause, url)
    if isinstance(cause, ssl.SSLError):
        return _not_tls(cause, url)
    if isinstance(cause, TimeoutError):
        return connect_timeout(url)
    if isinstance(cause, OSError):
        return _of_system(cause, url)
    return None


def _of_system(error: OSError, url: str) -> BackendError | None:
    if isinstance(error, socket.gaierror):
        return _unknown_host(url)
    if error.errno == errno.ECONNREFUSED:
        return _refused(url)
    return _no_route(url) if error.errno in NOT_ROUTABLE else None


def lost(url: str) -> Unreachable:
    return Unreachable(
        say("{host} dropped the connection.", host=host_of(url)),
        hint=say("It may have crashed or been restarted; look at its log."),
    )


def connect_timeout(url: str) -> TimedOut:
    host = host_of(url)
    hint = say("Is {host} the right host, switched on, and not behind a firewall?", host=host)
    if is_local(url) and url.startswith("https:"):
        hint += " " + say("Local servers usually speak http: write http:// into baseURL.")
    said = say("{host} did not take the connection in time.", host=host)
    return TimedOut(said, timer="connect", hint=hint)


def _refused(url: str) -> Unreachable:
    known = NOT_RUNNING.get(port_of(url), "Start the server, or correct the port in baseURL.")
    hint = say(known)
    if is_loopback(url):
        hint += " " + say(
            "In Docker, {host} is the container itself: use host.docker.internal.",
            host=host_of(url),
        )
    return Unreachable(
        say("Nothing listens at {host}:{port}.", host=host_of(url), port=port_of(url)), hint=hint
    )


def _unknown_host(url: str) -> Unreachable:
    return Unreachable(
        say("The host name {host} is unknown.", host=host_of(url)),
        hint=say("Look for a typo in baseURL, and whether this machine has internet and DNS."),
    )


def _no_route(url: str) -> Unreachable:
    return Unreachable(
        say("There is no way to {host} from here.", host=host_of(url)),
        hint=say("Check this machine's network, VPN and firewall."),
    )


def _not_tls(error: ssl.SSLError, url: str) -> TlsFailed:
    return TlsFailed(
        say(
            "{host} does not speak https: {why}",
            host=host_of(url),
            why=showable(error.reason or ""),
        ),
        hint=say("Local servers usually speak http: write http:// into baseURL.")
        if is_local(url)
        else say("Is https:// with this port right? Plain servers need http://."),
    )


def _certificate(error: ssl.SSLCertVerificationError, url: str) -> TlsFailed:
    code = error.verify_code
    host = host_of(url)
    if code == EXPIRED:
        hint = say("Its certificate has expired (or this machine's clock is wrong): renew it.")
    elif code == WRONG_HOST:
        hint = say("Its certificate is for another name: use that name in baseURL.")
    elif code in SELF_SIGNED or code in NO_ISSUER:
        hint = say(
            "Its certificate is signed by nobody this machine knows. Name your own authority's "
            "file in SSL_CERT_FILE, or use http:// inside your own network."
        )
    else:
        hint = say("Its certificate is not valid here.")
    return TlsFailed(
        say("{host} was not trusted: {why}", host=host, why=showable(error.verify_message)),
        hint=hint,
    )
