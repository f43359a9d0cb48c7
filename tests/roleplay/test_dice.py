import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.dice import Rolled, roll
from roleplay.errors import DiceError

SEED = 7


def rolled(written: str) -> Rolled:
    return roll(written, random.Random(SEED))


@given(st.integers(1, 20), st.integers(1, 100), st.integers(-50, 50), st.integers())
def test_a_total_is_within_what_the_dice_can_show(
    count: int, sides: int, more: int, seed: int
) -> None:
    found = roll(f"{count}d{sides}{more:+}", random.Random(seed))
    assert count + more <= found.total <= count * sides + more
    assert len(found.dice[0]) == count


@pytest.mark.parametrize(
    ("written", "kept"),
    [("4d6kh3", 3), ("4d6k3", 3), ("4d6kl1", 1), ("4d6dh1", 3), ("4d6dl2", 2), ("4d6d1", 3)],
)
def test_dice_are_kept_or_dropped(written: str, kept: int) -> None:
    dice = rolled(written).dice[0]
    stay = [die.value for die in dice if not die.dropped]
    gone = [die.value for die in dice if die.dropped]
    assert len(stay) == kept
    highest_stay = written[3:5] in ("kh", "k3", "dl", "d1")
    assert min(stay) >= max(gone) if highest_stay else max(stay) <= min(gone)


def test_advantage_is_the_better_of_two() -> None:
    better, worse = rolled("d20adv"), rolled("d20dis")
    values = [die.value for die in better.dice[0]]
    assert values == [die.value for die in worse.dice[0]]
    assert (better.total, worse.total) == (max(values), min(values))


def test_exploding_dice_are_thrown_again_on_their_highest_side() -> None:
    dice = [die.value for die in roll("50d4!", random.Random(SEED)).dice[0]]
    assert len(dice) == 50 + dice.count(4)


@pytest.mark.parametrize("written", ["20", "d20", "1d20", " 1 D 20 ", "2d1+18-0"])
def test_ways_to_write_a_die(written: str) -> None:
    assert 1 <= rolled(written).total <= 20


def test_fate_dice_and_percent() -> None:
    assert {die.value for die in rolled("50dF").dice[0]} == {-1, 0, 1}
    assert 1 <= rolled("d%").total <= 100


def test_what_is_shown_adds_up() -> None:
    found = rolled("2d6-1")
    one, two = (die.value for die in found.dice[0])
    assert found.shown == f"{one} + {two} - 1"
    assert found.total == one + two - 1
    assert rolled("d20").shown == ""
    assert rolled("2d20kh1").shown.count("~~") == 2


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "There is nothing to roll."),
        ("cats", "“cats” is no dice."),
        ("2d6 fire", "“fire” is no dice."),
        ("2d6, 1", "“,1” is no dice."),
        ("1000d6", "1000 is not between 1 and 100."),
        ("0d6", "0 is not between 1 and 100."),
        ("d0", "0 is not between 1 and 10000."),
        ("d99999999999999", "999999999999 is not between 1 and 10000."),
        ("2d6kh3", "3 is not between 1 and 2."),
        ("2d20adv", "adv and dis are for one die."),
        ("d1!", "A die with one side, or a Fate die, cannot explode."),
        ("+".join(["d6"] * 21), "That is more than 20 parts."),
    ],
)
def test_what_is_no_roll_is_told_with_its_place(written: str, told: str) -> None:
    with pytest.raises(DiceError) as error:
        rolled(written)
    assert str(error.value) == told
    assert "2d6+1" in error.value.hint
