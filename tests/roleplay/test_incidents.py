"""Which failures become one incident, and when it is over."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from roleplay.incidents import Incident, Member, blamed, incident_of, opened, recovered

HOSTS = {"a": "box", "b": "box", "c": "cloud", "d": ""}


def down(profile: str, code: str = "unreachable", at: float = 10.0) -> Member:
    return Member(profile, at, code, f"{code} detail", "hint", 3)


def stored(incident: Incident, identity: int = 1) -> Incident:
    """As it comes back from the database."""
    return Incident(identity, *[getattr(incident, name) for name in list(Incident.__slots__)[1:]])


ROWS = [
    ("one host is one incident", ("box", "unreachable"), ("box", "timeout"), True),
    ("two hosts are two", ("box", "unreachable"), ("cloud", "unreachable"), False),
    ("a key is the profile's own", ("box", "unreachable"), ("box", "bad_key"), False),
    ("and nobody joins it", ("box", "no_model"), ("box", "unreachable"), False),
    ("without a host nothing is shared", ("", "unreachable"), ("", "unreachable"), False),
]


@pytest.mark.parametrize(("case", "first", "second", "together"), ROWS, ids=[r[0] for r in ROWS])
def test_who_fails_together(
    case: str, first: tuple[str, str], second: tuple[str, str], *, together: bool
) -> None:
    del case
    going = stored(opened([], down("a", first[1]), first[0]))
    after = opened([going], down("b", second[1]), second[0])
    assert (after.id == going.id) is together
    assert after.profiles == (("a", "b") if together else ("b",))


def test_it_is_over_when_the_last_is_well() -> None:
    both = opened([stored(opened([], down("a"), "box"))], down("b", "timeout", 20.0), "box")
    first = recovered(both, "a", 30.0)
    assert (first.closed_at, first.down, first.code) == (None, ("b",), "timeout")
    last = recovered(first, "b", 40.0)
    assert (last.closed_at, last.down, last.profiles) == (40.0, (), ("a", "b"))


def test_who_fails_again_while_others_are_down_is_down_in_the_same() -> None:
    both = opened([stored(opened([], down("a"), "box"))], down("b"), "box")
    again = opened([recovered(both, "a", 30.0)], down("a", "timeout", 35.0), "box")
    assert (again.id, again.down) == (both.id, ("b", "a"))


def test_the_cause_is_that_of_the_first_who_is_still_down() -> None:
    both = opened([stored(opened([], down("a"), "box"))], down("b", "timeout"), "box")
    assert blamed(both, down("b", "server_failed")).code == "unreachable"
    assert blamed(both, down("a", "bad_key")).code == "bad_key"


def test_a_clock_that_jumps_back_ends_nothing_before_it_began() -> None:
    closed = recovered(stored(opened([], down("a"))), "a", 1.0)
    assert (closed.closed_at, closed.members[0].recovered_at) == (10.0, 10.0)


class Book(RuleBasedStateMachine):
    """Profiles of several hosts fail and recover in any order, by a clock that may jump."""

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[int, Incident] = {}
        self.sick: set[str] = set()
        self.now = 1000.0

    @property
    def going(self) -> list[Incident]:
        return [each for each in self.incidents.values() if each.closed_at is None]

    def keep(self, incident: Incident) -> None:
        identity = incident.id or len(self.incidents) + 1
        self.incidents[identity] = stored(incident, identity)

    @rule(seconds=st.sampled_from([1, 60, 90_000, -3600]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(profile=st.sampled_from("abcd"), code=st.sampled_from(["unreachable", "bad_key"]))
    def fails(self, profile: str, code: str) -> None:
        self.keep(opened(self.going, down(profile, code, self.now), HOSTS[profile]))
        self.sick.add(profile)

    @rule(profile=st.sampled_from("abcd"))
    def recovers(self, profile: str) -> None:
        if within := incident_of(self.going, profile):
            self.keep(recovered(within, profile, self.now))
        self.sick.discard(profile)

    @invariant()
    def each_sick_profile_is_in_one_incident_and_no_well_one_is(self) -> None:
        assert sorted(name for each in self.going for name in each.down) == sorted(self.sick)

    @invariant()
    def no_host_has_two(self) -> None:
        hosts = [each.host for each in self.going if each.host]
        assert len(hosts) == len(set(hosts))

    @invariant()
    def nothing_ends_before_it_began(self) -> None:
        for each in self.incidents.values():
            assert each.closed_at is None or each.closed_at >= each.opened_at
            assert all((m.recovered_at or m.since) >= m.since for m in each.members)


Book.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestBook = Book.TestCase
