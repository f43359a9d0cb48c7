"""Incidents: one outage of one thing, and the profiles it takes with it. Pure.

Profiles that share a host share its incident, where the host is to blame; what is wrong with a
profile alone (its key, its model) is an incident of its own. No profile is down in two incidents,
and no host has two open ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

HOST_CODES = frozenset(
    {"unreachable", "tls", "timeout", "overloaded", "server_failed", "bad_response"}
)
"""Codes that speak against a whole host; the others against one profile's key, model or account."""


@dataclass(frozen=True, slots=True)
class Member:
    """One profile of an incident. `recovered_at` None: it is still down."""

    profile: str
    since: float
    code: str = ""
    detail: str = ""
    hint: str = ""
    failures: int = 0
    recovered_at: float | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """One outage. `closed_at` None: it goes on. `id` 0: not stored yet.

    `profile` failed first; cause and `failures` are of the first that is still down. `host` is set
    where the host is to blame and others may join.
    """

    id: int
    profile: str
    opened_at: float
    code: str
    detail: str
    hint: str
    closed_at: float | None = None
    failures: int = 0
    host: str = ""
    members: tuple[Member, ...] = ()

    @property
    def profiles(self) -> tuple[str, ...]:
        """All that it has taken down so far."""
        return tuple(member.profile for member in self.members) or (self.profile,)

    @property
    def down(self) -> tuple[str, ...]:
        """Those that are still down."""
        if not self.members:
            return (self.profile,) if self.closed_at is None else ()
        return tuple(each.profile for each in self.members if each.recovered_at is None)


@dataclass(frozen=True, slots=True)
class Notice:
    """What tells one server, owner or webhook of one incident; see `roleplay.targets`.

    `told` is the last state of the incident that was taken: "open" or "closed", and `said` a
    fingerprint of the words. `message_id` 0: another incident has taken the message over.
    `muted_until` is infinite for: until it is over. `reminder_id` is the last reminder's message.
    """

    incident_id: int
    guild_id: int
    channel_id: int
    message_id: int
    told: Literal["open", "closed"]
    said: str = ""
    seen_by: int = 0
    muted_until: float = 0.0
    reminded_at: float = 0.0
    reminder_id: int = 0


def opened(going: Iterable[Incident], member: Member, host: str = "") -> Incident:
    """The incident in which `member` is down from now on: its own, its host's, or a new one."""
    going = list(going)
    if within := incident_of(going, member.profile):
        return blamed(within, member)
    shared = host if member.code in HOST_CODES else ""
    for incident in going:
        if shared and incident.host == shared:
            return _joined(incident, member)
    return _led(
        Incident(0, member.profile, member.since, "", "", "", host=shared, members=(member,))
    )


def incident_of(going: Iterable[Incident], profile: str) -> Incident | None:
    """The open incident in which the profile is down."""
    return next((each for each in going if profile in each.down), None)


def blamed(incident: Incident, cause: Member) -> Incident:
    """The same with another cause of a member; since when it is down stays."""
    members = tuple(
        replace(cause, since=each.since) if each.profile == cause.profile else each
        for each in incident.members
    )
    return _led(replace(incident, members=members))


def recovered(incident: Incident, profile: str, at: float) -> Incident:
    """One member is well again; the last one closes the incident, never before it was opened."""
    members = tuple(
        replace(each, recovered_at=max(at, each.since)) if each.profile == profile else each
        for each in incident.members
    )
    after = replace(incident, members=members)
    return _led(after) if after.down else replace(after, closed_at=max(at, incident.opened_at))


def _joined(incident: Incident, member: Member) -> Incident:
    others = tuple(each for each in incident.members if each.profile != member.profile)
    return _led(replace(incident, members=(*others, member)))


def _led(incident: Incident) -> Incident:
    """With the cause of the first that is still down."""
    first = next(each for each in incident.members if each.recovered_at is None)
    return replace(
        incident, code=first.code, detail=first.detail, hint=first.hint, failures=first.failures
    )
