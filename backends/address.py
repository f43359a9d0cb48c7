"""What a base URL says: whose host it is, and where that host's other doors are."""

import ipaddress
from urllib.parse import urlsplit

LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")

RETIRED = {"api-inference.huggingface.co": "https://router.huggingface.co/v1"}
"""Hosts that are gone, and what to use instead."""


def host_of(url: str) -> str:
    """The host in lower case, "" where there is none."""
    return urlsplit(url).hostname or ""


def port_of(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def origin_of(url: str) -> tuple[str, str, int]:
    return urlsplit(url).scheme, host_of(url), port_of(url)


def is_loopback(url: str) -> bool:
    host = host_of(url)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_local(url: str) -> bool:
    """Whether it is a machine of one's own: loopback, a private address, or a bare host name."""
    host = host_of(url)
    address = _address(host)
    if address is not None:
        return address.is_private or address.is_link_local
    return "." not in host or host.endswith(LOCAL_ENDINGS)


def root_of(base_url: str) -> str:
    """The base URL without its closing /v1: where llama.cpp's own doors are."""
    return base_url.rstrip("/").removesuffix("/v1")


def successor(base_url: str) -> str:
    """The address that took the place of a retired one; "" where this one is in use."""
    return RETIRED.get(host_of(base_url), "")


def join(base_url: str, path: str) -> str:
    return base_url.rstrip("/") + path


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
