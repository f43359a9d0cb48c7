import pytest

from bot.terminal import Fetching


def test_a_fetch_without_a_terminal_writes_a_line_at_every_tenth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Fetching() as progress:
        for done in range(0, 1001, 10):
            progress(done, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert (lines[0], lines[-1]) == ("Fetching the model: 0 %", "Fetching the model: 100 %")


def test_nothing_is_written_when_nothing_is_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    with Fetching():
        pass
    assert capsys.readouterr() == ("", "")
