import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.tokens import RATIO_BOUNDS, Ratios, estimate, learn, total, weigh

ENGLISH = (
    "The old lighthouse keeper set down his lantern and listened. Somewhere below, between the "
    "rocks and the rising tide, a voice was singing a song he had not heard in forty years. "
    '"Who\'s there?" he called, but only the wind answered, tugging at his coat like an impatient '
    "child. He sighed, took up the lantern again, and began the long climb down; every step "
    "creaked, and each one, he thought, might be the last."
)
CHAT = (
    'Ann: lol what??\nBob: *grins and leans back* "You heard me," he says... ok, brb!!\n'
    "Ann: (ooc: sorry, 5 min)"
)


@pytest.mark.parametrize(("text", "tokens"), [(ENGLISH, 94), (CHAT, 43)], ids=["prose", "chat"])
def test_english_is_estimated_within_15_percent_of_a_real_vocabulary(
    text: str, tokens: int
) -> None:
    assert estimate(weigh(text), Ratios()) == pytest.approx(tokens, rel=0.15)


def test_nothing_is_no_tokens() -> None:
    assert estimate(weigh(""), Ratios()) == 0


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(one: str, two: str) -> None:
    apart = estimate(total([weigh(one), weigh(two)]), Ratios())
    assert apart >= estimate(weigh(one), Ratios())
    assert estimate(weigh(one + " " + two), Ratios()) >= estimate(weigh(one), Ratios())


def test_estimates_come_to_what_the_server_counts() -> None:
    weight, ratios = weigh(ENGLISH), Ratios()
    for _ in range(20):
        ratios = learn(ratios, weight, 180)
    assert estimate(weight, ratios) == pytest.approx(180, rel=0.05)


def test_one_script_teaches_nothing_about_another() -> None:
    ratios = Ratios()
    for _ in range(20):
        ratios = learn(ratios, weigh("灯台守" * 40), 200)
    assert ratios.cjk > 1.5
    assert ratios.words == pytest.approx(1, abs=0.01)


def test_a_count_without_the_cached_tokens_is_not_believed() -> None:
    assert learn(Ratios(), weigh(ENGLISH), 3) == Ratios()


@given(st.text(), st.lists(st.integers(-10, 10_000), max_size=50))
def test_ratios_stay_in_their_bounds(text: str, counts: list[int]) -> None:
    ratios, weight = Ratios(), weigh(text)
    for count in counts:
        ratios = learn(ratios, weight, count)
    for ratio in (ratios.words, ratios.cjk, ratios.other):
        assert RATIO_BOUNDS[0] <= ratio <= RATIO_BOUNDS[1]
