"""What types alone do not catch: names that must exist, circles, addresses; and the warnings.

The checks read the file's plain values, not the models, so that they also find their faults in a
file whose types are wrong elsewhere.
"""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import cast
from urllib.parse import urlsplit

from pydantic import JsonValue

from backends.address import successor
from backends.dialects import AUTO, PROTOCOL, embeds, settled
from bot.config.findings import Finding, Path
from bot.config.health import health_faults, health_warnings
from bot.config.messages import nearest
from bot.config.models import Config
from bot.config.ollama import unheard_window
from bot.config.retired import shut_down
from bot.config.templates import mode_faults, template_faults
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

MOST_CIRCLES = 20
"""Circles reported at once; a file with more has one cause."""

NAMES_SHOWN = 10
"""Names of one circle that are written out."""


def faults(top: JsonValue, addresses: Mapping[str, str]) -> Iterator[Finding]:
    """Everything wrong between the values. `addresses`: see `bot.config.servers`."""
    profiles = profile_tables(top)
    yield from _default(top, profiles)
    yield from _embeddings(top, profiles, addresses)
    for name, profile in profiles.items():
        path = ("profiles", name)
        yield from _type(path, profile, addresses)
        yield from _address(path, profile)
        yield from _needed_address(path, profile)
        yield from _key(path, profile)
        yield from _template(path, profile, addresses)
        yield from _fallbacks(path, profile, profiles)
    yield from _circles(profiles)
    yield from health_faults(_table(top).get("health"))
    yield from _webhook(_table(_table(top).get("health")).get("webhook"))
    yield from _folder(_table(_table(top).get("storage")).get("folder"))


def warnings(config: Config, addresses: Mapping[str, str]) -> Iterator[Finding]:
    """What loads but will surprise."""
    yield from health_warnings(config.health, config.profiles)
    for name, profile in config.profiles.items():
        path = ("profiles", name)
        if not settled(profile).model and addresses.get(profile.type):
            message = say("No model is set: the first one that the server lists answers.")
            yield Finding(path, message, at_key=True)
        if unheard_window(profile):
            message = say(
                "Ollama is not told this through /v1, and cuts longer prompts silently at its own "
                'window. With "type": "ollama" it is told.'
            )
            yield Finding((*path, "sampler", "maxContextTokens"), message)
        if new := successor(profile.base_url):
            message = say(
                "This address was retired. {new} is used in its place; write it here.", new=new
            )
            yield Finding((*path, "baseURL"), message)
        day = shut_down(profile, profile.base_url or addresses.get(profile.type, ""))
        if day:
            message = say("OpenAI shut this model down on {day}. Choose another.", day=day)
            yield Finding((*path, "model"), message)


Table = dict[str, JsonValue]


def _table(value: JsonValue) -> Table:
    return value if isinstance(value, dict) else {}


def profile_tables(top: JsonValue) -> dict[str, Table]:
    """The profiles as far as they are written as such."""
    found = _table(_table(top).get("profiles"))
    return {name: _table(profile) for name, profile in found.items()}


def _default(top: JsonValue, profiles: Mapping[str, Table]) -> Iterator[Finding]:
    name = _table(top).get("defaultProfile")
    if name and isinstance(name, str) and profiles:
        yield from _named(("defaultProfile",), name, profiles)


def _embeddings(
    top: JsonValue, profiles: Mapping[str, Table], addresses: Mapping[str, str]
) -> Iterator[Finding]:
    path = ("memory", "embeddings")
    name = _table(_table(top).get("memory")).get("embeddings")
    if not name or not isinstance(name, str) or not profiles:
        return
    yield from _named(path, name, profiles)
    if name in profiles and not _may_embed(profiles[name], addresses):
        message = say("Servers of this profile's type make no embeddings. Choose another.")
        yield Finding(path, message)


def _may_embed(profile: Table, addresses: Mapping[str, str]) -> bool:
    """Also where the profile is wrong otherwise: that is told apart."""
    kind, address = profile.get("type", PROTOCOL), profile.get("baseURL", "")
    if not isinstance(kind, str) or kind not in addresses or not isinstance(address, str):
        return True
    return embeds(ConnectionProfile(type=kind, baseURL=address))


def _named(path: Path, name: str, profiles: Mapping[str, Table]) -> Iterator[Finding]:
    if name not in profiles:
        message = say("There is no profile of this name.") + nearest(name, list(profiles))
        yield Finding(path, message)


def _type(path: Path, profile: Table, addresses: Mapping[str, str]) -> Iterator[Finding]:
    kind = profile.get("type")
    if isinstance(kind, str) and kind not in addresses:
        message = say("There is no such type of server.") + nearest(kind, list(addresses))
        yield Finding((*path, "type"), message)


def _address(path: Path, profile: Table) -> Iterator[Finding]:
    address = profile.get("baseURL")
    if isinstance(address, str) and address:
        fault = address_fault(address)
        if fault:
            yield Finding((*path, "baseURL"), fault)


def _needed_address(path: Path, profile: Table) -> Iterator[Finding]:
    if profile.get("type") == AUTO and not profile.get("baseURL"):
        message = say("The type auto needs a baseURL, to ask what is there.")
        yield Finding((*path, "type"), message)


def address_fault(address: str) -> str:
    """Why a text is not the address of a server; "" when it is one."""
    example = "http://localhost:11434/v1"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return say("Not an address. Expected one like {example}.", example=example)
    if "://" not in address:
        return say("Put http:// or https:// in front, as in {example}.", example=example)
    if not usable or not address.isprintable() or " " in address:
        return say("Not an address. Expected one like {example}.", example=example)
    if parts.username is not None:
        return say("An address holds no user or password here. Put the key into apiKey.")
    if parts.fragment:
        return say("Leave out # and what follows.")
    return ""


def _key(path: Path, profile: Table) -> Iterator[Finding]:
    key = profile.get("apiKey")
    if isinstance(key, str) and not (key.isascii() and key.isprintable() and " " not in key):
        yield Finding(
            (*path, "apiKey"),
            say("A key has no spaces, line breaks or letters beyond ASCII. Copy it once more."),
        )
    headers = _table(profile.get("extraHeaders"))
    for name, value in headers.items():
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            message = say("A header's value has no line breaks or letters beyond ASCII.")
            yield Finding((*path, "extraHeaders", name), message)


def _template(path: Path, profile: Table, addresses: Mapping[str, str]) -> Iterator[Finding]:
    yield from template_faults(path, profile)
    kind, address = profile.get("type", "openai"), profile.get("baseURL", "")
    if profile.get("mode") != "text" or not isinstance(address, str):
        return
    usable = not (address and address_fault(address))
    if usable and isinstance(kind, str) and kind in addresses:
        yield from mode_faults(path, kind, address)


def _webhook(address: JsonValue) -> Iterator[Finding]:
    if isinstance(address, str) and address and (fault := address_fault(address)):
        yield Finding(("health", "webhook"), fault)


def _folder(folder: JsonValue) -> Iterator[Finding]:
    path = ("storage", "folder")
    if not isinstance(folder, str):
        return
    if not folder.isprintable():
        yield Finding(path, say("A folder's name has no line breaks or control characters."))
    elif folder.startswith("~") and folder.replace("\\", "/").split("/")[0] != "~":
        yield Finding(path, say("Of home folders only your own is known: ~/ and what follows."))


def _fallback_names(profile: Table) -> list[str | None]:
    """By index; None where an entry is not text."""
    names = profile.get("fallbackProfiles")
    items = names if isinstance(names, list) else []
    return [name if isinstance(name, str) else None for name in items]


def _fallbacks(path: Path, profile: Table, profiles: Mapping[str, Table]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, name in enumerate(_fallback_names(profile)):
        place = (*path, "fallbackProfiles", index)
        if name is None:
            continue
        yield from _named(place, name, profiles)
        if name in seen:
            yield Finding(place, say("This profile is listed twice. Each is tried once."))
        seen.add(name)


def _circles(profiles: Mapping[str, Table]) -> Iterator[Finding]:
    """Each circle once, placed at the entry that closes it."""
    graph = {
        name: [target for target in _fallback_names(profile) if target in profiles]
        for name, profile in profiles.items()
    }
    for _ in range(MOST_CIRCLES):
        circle = _circle(graph)
        if not circle:
            return
        start, target = circle[-2], circle[-1]
        index = _fallback_names(profiles[start]).index(target)
        message = say(
            "These fallbacks go round in a circle: {names}. Take one of them out.",
            names=" → ".join(_shortened(circle)),
        )
        yield Finding(("profiles", start, "fallbackProfiles", index), message)
        graph[start] = [name for name in graph[start] if name != target]


def _circle(graph: Mapping[str, list[str | None]]) -> list[str]:
    """One circle, its first name again at its end; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        return _turned(list(reversed(cast("list[str]", exc.args[1])))[:-1], list(graph))
    return []


def _shortened(circle: list[str]) -> list[str]:
    return circle if len(circle) <= NAMES_SHOWN else [*circle[: NAMES_SHOWN - 2], "…", circle[-1]]


def _turned(circle: list[str], order: list[str]) -> list[str]:
    """The circle from the profile that the file names first, as a reader would follow it."""
    first = min(range(len(circle)), key=lambda index: order.index(circle[index]))
    return [*circle[first:], *circle[:first], circle[first]]
