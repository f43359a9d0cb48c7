"""The order and the pace of Discord calls, in virtual time."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Entry, Priority, Rules, Schedule, Wait

SECONDS_A_CALL = 0.08


async def nothing() -> None:
    pass


def entry(priority: Priority, channel: int = 1, since: float = 0.0, key: object = None) -> Entry:
    return Entry(priority, channel, key or (priority, channel), since, nothing)


class Rig:
    """Discord that takes `SECONDS_A_CALL` for each call, and the calls that were sent to it."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.schedule = Schedule(rules or Rules())
        self.now = 0.0
        self.sent: list[tuple[float, Entry]] = []
        self._under_way: list[tuple[float, Entry]] = []

    def run(self, until: float, arrivals: list[Entry] | None = None) -> None:
        """Play to `until`; each arrival is added at its own `since`."""
        coming = sorted(arrivals or [], key=lambda arrival: arrival.since)
        while self.now < until:
            while coming and coming[0].since <= self.now:
                self.schedule.add(coming.pop(0))
            turn = self.schedule.next(self.now)
            if isinstance(turn, Entry):
                self.sent.append((self.now, turn))
                self._under_way.append((self.now + SECONDS_A_CALL, turn))
                continue
            events = [until, *(e.since for e in coming[:1]), *(at for at, _ in self._under_way[:1])]
            if turn.seconds is not None:
                events.append(self.now + turn.seconds)
            self.now = max(min(events), self.now + 1e-9)
            while self._under_way and self._under_way[0][0] <= self.now:
                self.schedule.done(self._under_way.pop(0)[1])

    def order(self) -> list[Priority]:
        return [sent.priority for _, sent in self.sent]


def busiest_second(times: list[float]) -> int:
    return max(sum(begin <= at < begin + 1 for at in times) for begin in times)


def test_of_calls_that_wait_together_the_worthiest_goes_first() -> None:
    rig = Rig()
    rig.schedule.hold(1.0)
    rig.run(3.0, [entry(priority, channel) for channel, priority in enumerate(reversed(Priority))])
    assert rig.order() == [
        Priority.FINAL,
        Priority.NOTICE,
        Priority.FIRST,
        Priority.EDIT,
        Priority.TYPING,
    ]


def test_a_text_that_has_waited_goes_before_a_fresh_final_one() -> None:
    schedule = Schedule()
    old, fresh = entry(Priority.FIRST, 1, since=0.0), entry(Priority.FINAL, 2, since=2.5)
    schedule.add(fresh)
    schedule.add(old)
    assert schedule.next(2.6) is old


def test_a_thousand_replies_at_once_lose_no_text_and_give_up_the_luxuries() -> None:
    jitter = random.Random(7)
    arrivals = [
        entry(priority, channel, jitter.uniform(begin, begin + 0.5), key=(channel, key))
        for channel in range(1000)
        for priority, begin, key in (
            (Priority.TYPING, 0.0, "typing"),
            (Priority.FIRST, 1.0, "page"),
            (Priority.EDIT, 2.5, "page"),
            (Priority.FINAL, 3.0, "page"),
        )
    ]
    rig = Rig()
    rig.run(60.0, arrivals)
    counts = Counter(rig.order())
    assert counts[Priority.FIRST] == counts[Priority.FINAL] == 1000
    assert counts[Priority.TYPING] + counts[Priority.EDIT] < 60
    assert rig.sent[-1][0] < 52
    assert busiest_second([at for at, _ in rig.sent]) <= 45


def test_under_steady_overload_nothing_that_is_text_starves() -> None:
    arrivals = [entry(Priority.FINAL, n, n / 60) for n in range(1200)]
    arrivals += [entry(Priority.FIRST, 5000 + n, n / 2) for n in range(40)]
    rig = Rig()
    rig.run(40.0, arrivals)
    late = [at - sent.since for at, sent in rig.sent if sent.priority is Priority.FIRST]
    final = [at - sent.since for at, sent in rig.sent if sent.priority is Priority.FINAL]
    assert len(late) == 40
    assert max(late) <= max(final) + 2.1


def test_idle_it_sends_at_once_and_then_evenly() -> None:
    rig = Rig()
    rig.run(2.0, [entry(Priority.FIRST, channel) for channel in range(60)])
    times = [at for at, _ in rig.sent]
    assert times[:3] == [0.0] * 3
    assert all(b - a == pytest.approx(1 / 43) for a, b in pairwise(times[2:]))


def test_calls_in_one_channel_follow_each_other_and_hold_up_no_other() -> None:
    schedule = Schedule()
    first, second, other = (
        entry(Priority.FIRST, 1),
        entry(Priority.FINAL, 1),
        entry(Priority.FIRST, 2),
    )
    schedule.add(first)
    assert schedule.next(0.0) is first
    schedule.add(second)
    schedule.add(other)
    assert schedule.next(0.0) is other
    assert schedule.next(0.0) == Wait()
    schedule.done(first)
    assert schedule.next(0.1) is second


def test_typing_under_way_holds_up_no_text() -> None:
    schedule = Schedule()
    typing, text = entry(Priority.TYPING), entry(Priority.FIRST)
    schedule.add(typing)
    assert schedule.next(0.0) is typing
    schedule.add(text)
    assert schedule.next(0.0) is text


def test_a_later_edit_replaces_the_one_that_waits_and_a_final_text_replaces_both() -> None:
    schedule = Schedule()
    first, second = (entry(Priority.EDIT, since=at, key="page") for at in (0.0, 0.1))
    final = entry(Priority.FINAL, since=0.2, key="page")
    schedule.hold(0.15)
    schedule.add(first)
    schedule.add(second)
    assert schedule.next(0.15) is second
    schedule.done(second)
    schedule.add(first)
    schedule.add(final)
    assert schedule.next(0.3) is final
    schedule.done(final)
    assert schedule.next(9.0) == Wait()


def test_a_growing_reply_leaves_its_channel_room_for_the_final_edit() -> None:
    rig = Rig()
    rig.run(10.0, [entry(Priority.EDIT, 1, n / 10) for n in range(100)])
    times = [at for at, _ in rig.sent]
    assert max(sum(begin <= at < begin + 5 for at in times) for begin in times) == 4


def test_luxuries_leave_rate_to_a_text_that_comes() -> None:
    schedule = Schedule()
    for channel in range(20):
        schedule.add(entry(Priority.EDIT, channel))
    while isinstance(schedule.next(0.0), Entry):
        pass
    text = entry(Priority.FINAL, 100)
    schedule.add(text)
    assert schedule.next(0.0) is text


def test_typing_that_comes_too_late_is_not_sent() -> None:
    schedule = Schedule()
    schedule.add(entry(Priority.TYPING))
    assert schedule.next(3.5) == Wait()


def test_a_closed_door_stops_everything_for_its_time() -> None:
    schedule = Schedule()
    schedule.hold(600.0)
    text = entry(Priority.FINAL)
    schedule.add(text)
    assert schedule.next(1.0) == Wait(599.0)
    assert schedule.next(600.0) is text


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Priority)), st.integers(0, 5), st.floats(0, 5)), max_size=80
    )
)
def test_every_text_goes_out_once_and_never_faster_than_discord_allows(
    calls: list[tuple[Priority, int, float]],
) -> None:
    arrivals = [entry(priority, channel, since, key=object()) for priority, channel, since in calls]
    rig = Rig()
    rig.run(40.0, arrivals)
    texts = [arrival for arrival in arrivals if not arrival.is_luxury]
    assert Counter(sent for _, sent in rig.sent if not sent.is_luxury) == Counter(texts)
    assert not rig.sent or busiest_second([at for at, _ in rig.sent]) <= 45
