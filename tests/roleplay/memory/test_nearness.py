import random

from roleplay.memory.nearness import by_cosine, signs, standing_out
from roleplay.memory.recall import fused


def test_signs_are_a_bit_for_each_number() -> None:
    assert signs((0.1, -2.0, 0.0, 3.0)) == bytes([0b1001])
    assert len(signs((1.0,) * 9)) == 2


def test_what_is_near_stands_out_of_many() -> None:
    rng = random.Random(3)
    rows = [(number, rng.randbytes(48)) for number in range(500)]
    wanted = rows[77][1]
    assert standing_out(wanted, rows)[0] == 77
    assert len(standing_out(wanted, rows)) <= 64


def test_where_all_are_equally_near_none_stands_out() -> None:
    assert standing_out(b"\0", [(1, b"\1"), (2, b"\1")]) == []
    assert standing_out(b"\0", []) == []


def test_the_direction_counts_and_not_the_length() -> None:
    vectors = {1: (9.0, 9.0), 2: (0.1, 0.0), 3: (0.0, 0.0), 4: (-1.0, 0.0)}
    assert by_cosine((1.0, 0.0), vectors, 3) == [2, 1, 3]


def test_what_both_searches_find_comes_first() -> None:
    assert fused([[1, 2], [3, 2]]) == [2, 3, 1]
    assert fused([[1, 2], []]) == [1, 2]
    assert fused([[], []]) == []
