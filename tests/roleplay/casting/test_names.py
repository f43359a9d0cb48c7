import pytest

from roleplay.casting.names import named

NAMES = [
    {"Mira"},
    {"Captain Redbeard", "Red"},
    {"The Old Baron"},
    {"José"},
    {"さくら"},
    {"🦊"},
    {"Anna Redbeard"},
    {"The"},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, Mira!", [0]),
        ("MIRA?", [0]),
        ("the admiral and Mirabel", [7]),
        ("Red, where is Mira?", [1, 0]),
        ("Mira... and the captain", [0, 7, 1]),
        ("a baron of old", [2, 2]),
        ("Redbeard!", [1]),
        ("Anna Redbeard!", [6, 1]),
        ("josé and JOSÉ", [3, 3]),
        ("ねえさくらさん", [4]),
        ("*pets 🦊*", [5]),
        ("Mira_x", []),
        ("Mira's ale", [0]),
        ("", []),
    ],
)
def test_whole_words_of_a_name_call_in_the_order_of_the_text(
    text: str, expected: list[int]
) -> None:
    assert list(named(text, NAMES)) == expected


def test_names_are_no_patterns() -> None:
    assert list(named("a.b c", [{".*"}, {"c"}])) == [1]
    assert list(named("anything", [])) == []
    assert list(named("anything", [{" "}, set()])) == []
