import pytest

from backends.truncation import cut_at


@pytest.mark.parametrize(
    ("sent", "counted", "window"),
    [
        (12000, 4050, 4096),
        (12000, 3400, 4096),
        (9000, 2048, 2048),
        (4000, 3900, None),
        (4000, 2500, None),
        (12000, 2600, None),
        (12000, 40, None),
    ],
    ids=["full", "nearly", "small", "all", "a poor estimate", "no window's size", "from a cache"],
)
def test_a_prompt_is_cut_where_far_too_few_tokens_fill_a_usual_window(
    sent: int, counted: int, window: int | None
) -> None:
    assert cut_at(sent, counted) == window
