import pytest

from bot.fetching import Fetching


def test_a_fetch_without_a_terminal_is_one_line_that_says_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Fetching() as progress:
        for done in range(0, 93_000_001, 1_000_000):
            progress(done, 93_000_000)
    assert capsys.readouterr().err == "Fetching a small language model, once (93 MB).\n"


def test_nothing_is_written_when_nothing_is_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    with Fetching():
        pass
    assert capsys.readouterr() == ("", "")
