import io

import pytest

from backends.discovery import FoundServer
from bot.offer import choose

OLLAMA = FoundServer("Ollama", "http://127.0.0.1:11434/v1", ("mistral", "llama"))
STUDIO = FoundServer("LM Studio", "http://127.0.0.1:1234/v1", ("qwen",))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> Terminal:
    """Someone types this; returns what they see."""
    screen = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("sys.stderr", screen)
    return screen


def test_a_person_chooses_a_model_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = at_a_terminal(monkeypatch, "3\n")
    [(name, profile)] = choose([OLLAMA, STUDIO]).items()
    assert name == profile.name == "lm-studio"
    assert (profile.base_url, profile.model) == (STUDIO.url, "qwen")
    assert "1  mistral (Ollama)" in screen.getvalue()


@pytest.mark.parametrize("typed", ["\n", "0\n", "9\n0\n"])
def test_the_small_model_is_taken_unless_something_else_is_chosen(
    monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    screen = at_a_terminal(monkeypatch, typed)
    assert choose([OLLAMA]) == {}
    assert "built-in" in screen.getvalue()


def test_a_model_s_name_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = at_a_terminal(monkeypatch, "0\n")
    choose([FoundServer("Ollama", OLLAMA.url, ("evil\x1b[2J",))])
    assert "\x1b[2J" not in screen.getvalue()


def test_without_a_terminal_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    assert choose([OLLAMA]) == {}
    assert "Ollama runs on this machine" in capsys.readouterr().err


def test_without_a_found_server_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert choose([]) == {}
    assert capsys.readouterr().err == ""
