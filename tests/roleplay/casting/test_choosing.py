"""SillyTavern's four orders; the odds are decided by a scripted `Random`."""

import random
from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.casting.cast import TurnOrder
from roleplay.casting.choosing import Member, Moment, choose_speakers

MIRA, NOVA, REX, MUTE = (
    Member(1, ("Mira",)),
    Member(2, ("Nova Stern", "Stella")),
    Member(3, ("Rex",), talkativeness=0.0),
    Member(4, ("Silas",), talkativeness=1.0, muted=True),
)
CAST = (MIRA, NOVA, REX, MUTE)
ORDERS: tuple[TurnOrder, ...] = get_args(TurnOrder)


class Rolls(random.Random):
    """Every roll is `roll`, and nothing is shuffled: lists stay in order, the first is chosen."""

    def __init__(self, roll: float) -> None:
        super().__init__(0)
        self.roll = roll

    def random(self) -> float:
        return self.roll

    def sample(self, population: Sequence[Member], k: int) -> list[Member]:  # pyright: ignore[reportIncompatibleMethodOverride] - all that is asked here
        return list(population)[:k]

    def choice(self, seq: Sequence[Member]) -> Member:  # pyright: ignore[reportIncompatibleMethodOverride] - all that is asked here
        return seq[0]


@pytest.mark.parametrize(
    ("order", "moment", "roll", "expected"),
    [
        ("natural", Moment("Hello Mira"), 0.9, [1]),
        ("natural", Moment("Hello Mira"), 0.5, [1, 2]),
        ("natural", Moment("Rex, ask Mira"), 0.9, [3, 1]),
        ("natural", Moment("Stella? Mira? Stella!"), 0.9, [2, 1]),
        ("natural", Moment("anyone?"), 0.5, [1, 2]),
        ("natural", Moment("anyone?"), 0.9, [1]),
        ("natural", Moment("anyone?"), 0.0, [1, 2]),
        ("natural", Moment("Silas, speak!"), 0.9, [1]),
        ("natural", Moment("Nova agrees", last_speaker=2), 0.9, [1]),
        ("natural", Moment("and you?", addressed=2), 0.9, [2]),
        ("natural", Moment("and you? Mira?", addressed=2), 0.9, [2, 1]),
        ("natural", Moment("and you?", addressed=4), 0.9, [1]),
        ("list", Moment("Rex"), 0.9, [1, 2, 3]),
        ("pooled", Moment("hm"), 0.9, [1]),
        ("pooled", Moment("hm", last_speaker=1, spoken=[1]), 0.9, [2]),
        ("pooled", Moment("hm", last_speaker=1, spoken=[1, 2, 3]), 0.9, [2]),
        ("pooled", Moment("hm", addressed=3), 0.9, [3]),
        ("manual", Moment("Mira! Nova!"), 0.0, []),
        ("manual", Moment("go on", addressed=2), 0.9, [2]),
        ("manual", Moment("go on", addressed=4), 0.9, []),
    ],
)
def test_who_speaks(order: TurnOrder, moment: Moment, roll: float, expected: list[int]) -> None:
    chosen = choose_speakers(order, CAST, moment, Rolls(roll))
    assert [member.character_id for member in chosen] == expected


def test_a_character_answers_itself_only_where_that_is_allowed() -> None:
    moment = Moment("says Mira", last_speaker=1)
    alone = (MIRA,)
    assert choose_speakers("natural", alone, moment, Rolls(0.0)) == ()
    assert choose_speakers("natural", alone, moment, Rolls(0.0), allow_self_responses=True) == (
        MIRA,
    )


def test_where_nobody_ever_speaks_by_itself_somebody_answers_a_person_all_the_same() -> None:
    assert choose_speakers("natural", (REX, MUTE), Moment("hello"), Rolls(0.0)) == (REX,)


def test_talkativeness_is_the_share_of_messages_that_are_answered() -> None:
    rng = random.Random(5)
    chatty, shy = Member(1, ("A",), 1.0), Member(2, ("B",), 0.2)
    rounds = [choose_speakers("natural", (chatty, shy), Moment("hi"), rng) for _ in range(2000)]
    assert all(chatty in speakers for speakers in rounds)
    assert 0.15 < sum(shy in speakers for speakers in rounds) / len(rounds) < 0.25


members = st.lists(
    st.builds(
        Member,
        st.integers(0, 9),
        st.tuples(st.text(max_size=8)),
        st.floats(0, 1),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda member: member.character_id,
)
someone = st.none() | st.integers(0, 9)
moments = st.builds(Moment, st.text(max_size=40), someone, someone, st.sets(st.integers(0, 9)))


@given(st.sampled_from(ORDERS), members, moments, st.integers())
def test_whatever_is_said_the_rules_hold(
    order: TurnOrder, cast: list[Member], moment: Moment, seed: int
) -> None:
    chosen = choose_speakers(order, cast, moment, random.Random(seed))
    assert len(set(chosen)) == len(chosen)
    assert all(member in cast and not member.muted for member in chosen)
    if order == "natural":
        assert moment.last_speaker not in [member.character_id for member in chosen]
    if order in ("natural", "list", "pooled") and moment.last_speaker is None:
        assert bool(chosen) is any(not member.muted for member in cast)
    if order == "pooled":
        assert len(chosen) <= 1
    if order == "manual":
        assert [member.character_id for member in chosen] in ([], [moment.addressed])
