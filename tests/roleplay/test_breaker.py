import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from roleplay.breaker import (
    FAILURES,
    NOTHING,
    WAITS,
    WELL,
    Breaker,
    Sign,
    advance,
    enter,
    sign_of_error,
    sign_of_leaving,
    sign_of_probe,
)
from roleplay.errors import (
    BackendError,
    BadKey,
    BadParameter,
    ContextOverflow,
    Filtered,
    Loading,
    NoSuchModel,
    OutOfCredit,
    Overloaded,
    RateLimited,
    StreamBroken,
    TimedOut,
    Unreachable,
)
from roleplay.ports import ProbeResult

FAILED = Sign("failed", "unreachable")
DOWN = Sign("down", "unreachable")
LOCKED = Sign("locked", "bad_key", "Check the key.")


def after(*signs: Sign, now: float = 100.0) -> Breaker:
    state = Breaker()
    for sign in signs:
        state = advance(state, sign, now)
    return state


def test_it_opens_after_five_failures_in_a_row() -> None:
    assert after(*[FAILED] * (FAILURES - 1)).phase(100) == "closed"
    assert after(*[FAILED] * FAILURES).phase(100) == "open"


def test_an_answer_between_begins_the_count_anew() -> None:
    state = after(*[FAILED] * (FAILURES - 1), WELL, *[FAILED] * (FAILURES - 1))
    assert state.phase(100) == "closed"


def test_waits_grow_while_trials_fail_and_begin_anew_after_an_answer() -> None:
    state, now, waits = after(DOWN, now=0.0), 0.0, list[float]()
    for _ in range(6):
        waits.append(state.until - now)
        now = state.until
        state = advance(enter(state, now), FAILED, now, trial=True)
    assert waits == [*WAITS, WAITS[-1], WAITS[-1]]
    state = advance(advance(state, WELL, now), DOWN, now)
    assert state.until - now == WAITS[0]


def test_half_open_lets_exactly_one_through() -> None:
    state = after(DOWN, now=0.0)
    assert not state.passes(14.9)
    assert state.passes(15)
    state = enter(state, 15)
    assert not state.passes(15)
    assert not state.passes(500)


def test_a_trial_that_says_nothing_gives_its_place_to_the_next() -> None:
    state = advance(enter(after(DOWN, now=0.0), 15), NOTHING, 16, trial=True)
    assert state.passes(16)


def test_an_older_request_does_not_end_a_trial() -> None:
    state = enter(after(DOWN, now=0.0), 15)
    for sign in (NOTHING, FAILED):
        assert advance(state, sign, 16) == state


def test_a_good_probe_closes_it_early() -> None:
    state = advance(after(DOWN, now=0.0), sign_of_probe(ProbeResult("p", "up", 0.1)), 1)
    assert state == Breaker()


def test_a_bad_probe_opens_it_and_a_starting_one_says_nothing() -> None:
    down = ProbeResult("p", "down", 0.1, "unreachable", hint="Start it.")
    assert after(sign_of_probe(down)).hint == "Start it."
    assert after(sign_of_probe(ProbeResult("p", "starting", 0.1))).phase(100) == "closed"
    wrong_key = ProbeResult("p", "down", 0.1, "bad_key")
    assert after(sign_of_probe(wrong_key)).until == math.inf


@pytest.mark.parametrize("error", [BadKey("x"), OutOfCredit("x"), NoSuchModel("x")])
def test_what_waiting_does_not_mend_locks_it_until_it_is_well(error: BackendError) -> None:
    state = after(sign_of_error(error))
    assert not state.passes(1e12)
    assert advance(state, WELL, 101).passes(101)


@pytest.mark.parametrize(
    "error",
    [
        Loading("x"),
        BadParameter("x"),
        ContextOverflow("x"),
        Filtered("x"),
        RateLimited("x"),
        TimedOut("x", timer="total"),
    ],
)
def test_what_says_nothing_about_health_does_not_count(error: BackendError) -> None:
    assert sign_of_error(error) == NOTHING
    assert sign_of_leaving(error) == NOTHING


@pytest.mark.parametrize(
    "error",
    [Unreachable("x"), Overloaded("x"), StreamBroken("x"), TimedOut("x", timer="connect")],
)
def test_what_is_unhealthy_counts_and_opens_when_a_message_gives_up(error: BackendError) -> None:
    assert sign_of_error(error).verdict == "failed"
    assert sign_of_leaving(error).verdict == "down"


def test_a_busy_server_is_left_alone_for_as_long_as_it_asked() -> None:
    state = after(sign_of_leaving(RateLimited("x", retry_after=90)))
    assert state.until == 190
    assert state.openings == 0
    assert advance(state, Sign("busy", seconds=1), 100) == state


@given(
    st.lists(
        st.tuples(
            st.sampled_from([WELL, FAILED, DOWN, LOCKED, NOTHING, Sign("busy", seconds=40)]),
            st.floats(0, 400),
        )
    )
)
def test_it_never_stays_open_longer_than_it_may(steps: list[tuple[Sign, float]]) -> None:
    state, now, locked = Breaker(), 0.0, False
    for sign, seconds in steps:
        now += seconds
        state = advance(state, sign, now)
        locked = sign is LOCKED or (locked and sign is not WELL)
        assert (state.until == math.inf) == locked
        assert locked or state.until <= now + max(WAITS)


class Traffic(RuleBasedStateMachine):
    """Requests begin and end in any order; whatever happens, one trial is out at most."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Breaker()
        self.now = 0.0
        self.normal = 0
        self.trials = 0

    @rule(seconds=st.floats(0, 400))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: self.state.passes(self.now))
    @rule()
    def a_request_begins(self) -> None:
        before = self.state
        self.state = enter(before, self.now)
        if self.state.trial:
            assert not before.trial
            self.trials += 1
        else:
            self.normal += 1

    @precondition(lambda self: self.normal)
    @rule(sign=st.sampled_from([FAILED, NOTHING]))
    def an_old_request_ends(self, sign: Sign) -> None:
        self.normal -= 1
        self.state = advance(self.state, sign, self.now)

    @precondition(lambda self: self.trials)
    @rule(sign=st.sampled_from([WELL, FAILED, NOTHING]))
    def the_trial_ends(self, sign: Sign) -> None:
        self.trials -= 1
        self.state = advance(self.state, sign, self.now, trial=True)

    @invariant()
    def one_trial_at_most(self) -> None:
        assert self.trials <= 1
        assert self.state.trial == bool(self.trials)


TestTraffic = Traffic.TestCase
