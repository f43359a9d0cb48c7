"""Profiles that are kept beside the config file. They pass the same checks as those inside it."""

from collections.abc import Mapping
from itertools import islice

from pydantic import JsonValue

from bot.config import checks
from bot.config.env import Variables
from bot.config.findings import MOST, Finding
from bot.config.jsonc import dotted
from bot.config.load import config_error
from bot.config.servers import addresses
from bot.config.substitution import Resolver
from bot.config.templates import read_presets
from bot.config.validate import validate
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

Bodies = Mapping[str, Mapping[str, JsonValue]]
"""By name, with the keys of an entry of `profiles`, variables not filled in."""


def added_profile(
    name: str,
    body: Mapping[str, JsonValue],
    others: Mapping[str, ConnectionProfile],
    variables: Variables,
) -> ConnectionProfile:
    """One profile, checked against the `others` that it will stand among.

    Raises:
        ConfigError: with every fault, by its key.
    """
    resolver = Resolver(variables)
    resolved = resolver.resolve(dict(body), ("profiles", name))
    around: dict[str, JsonValue] = {
        other: {"fallbackProfiles": [each for each in profile.fallback_profiles if each in others]}
        for other, profile in others.items()
        if other != name
    }
    faults = list(
        islice(checks.faults({"profiles": {**around, name: resolved}}, addresses()), MOST)
    )
    alone: dict[str, JsonValue] = {"profiles": {name: resolved}}
    presets = read_presets(checks.profile_tables(alone), variables.folder)
    config, mistakes = validate(alone, resolver.whole)
    known = {finding.path for finding in resolver.findings}
    wrong = [*mistakes, *faults, *presets.findings]
    mine = [found for found in wrong if found.path not in known and _of(found, name)]
    if config is None or mine or resolver.findings:
        raise config_error(_problem(found) for found in [*resolver.findings, *mine])
    return config.profiles[name].model_copy(update={"preset": presets.templates.get(name)})


def merge(
    config: Mapping[str, ConnectionProfile], bodies: Bodies, variables: Variables
) -> tuple[dict[str, ConnectionProfile], list[Problem]]:
    """The added profiles that hold beside those of the config, and why others are left out.

    A fallback that is no longer there is passed over, so that one removal does not take others
    along.
    """
    found: dict[str, ConnectionProfile] = {}
    problems: list[Problem] = []
    for name, body in bodies.items():
        if name in config:
            problems.append(_place(name, "", say("config.json has a profile of this name.")))
            continue
        names = {*config, *bodies}
        others = {each: config.get(each) or ConnectionProfile() for each in names}
        try:
            found[name] = added_profile(name, _without_gone(body, names), others, variables)
        except ConfigError as exc:
            problems.extend(exc.problems)
    return found, problems


def _without_gone(body: Mapping[str, JsonValue], names: set[str]) -> dict[str, JsonValue]:
    fallbacks = body.get("fallbackProfiles")
    if not isinstance(fallbacks, list):
        return dict(body)
    return {**body, "fallbackProfiles": [each for each in fallbacks if each in names]}


def _of(finding: Finding, name: str) -> bool:
    """Its own faults, and circles, which may close at another profile."""
    return finding.path[1:2] == (name,) or finding.path[2:3] == ("fallbackProfiles",)


def _problem(finding: Finding) -> Problem:
    return _place(str(finding.path[1]), dotted(finding.path[2:]), finding.message)


def _place(name: str, key: str, message: str) -> Problem:
    return Problem(say("profile {name}", name=name), 0, 0, key, message)
