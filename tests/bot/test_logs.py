import json
import logging
from collections.abc import Generator

import pytest

from bot import logs
from bot.redaction import redact

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def logging_put_back() -> Generator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.PINNED}
    yield
    root.handlers[:], root.level = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_secret_is_hidden_in_messages_arguments_and_tracebacks(capsys: Capture) -> None:
    logs.setup({}, {"canary-secret"})
    log = logging.getLogger("some.module")
    try:
        raise ValueError("canary-secret")  # noqa: TRY301 - a traceback is wanted
    except ValueError:
        log.exception("sent %s", {"key": "canary-secret"})
    written = capsys.readouterr().err
    assert "canary" not in written
    assert "ERROR some.module: sent {'key': '…'}" in written
    assert "ValueError: …" in written


def test_json_lines_are_one_object_each(capsys: Capture) -> None:
    logs.setup({"ROLEFORGE_LOG": "json"}, {'quo"ted-secret'})
    logging.getLogger("a").warning('first\n"%s"', 'quo"ted-secret')
    logging.getLogger("b").error("second")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["level"], first["logger"], first["message"]) == ("warning", "a", 'first\n"…"')
    assert second["message"] == "second"


def test_text_of_others_cannot_forge_a_line(capsys: Capture) -> None:
    logs.setup({})
    logging.getLogger("a").warning("a name\n2026-01-01 00:00:00Z ERROR bot: forged")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_loggers_that_show_tokens_stay_quiet_at_debug(capsys: Capture) -> None:
    logs.setup({"ROLEFORGE_LOG_LEVEL": "debug"})
    logging.getLogger("discord.http").debug("a token")
    logging.getLogger("discord.webhook.async_").debug("an address")
    logging.getLogger("bot").debug("ours")
    written = capsys.readouterr().err
    assert "ours" in written
    assert len(written.splitlines()) == 1


def test_an_unknown_level_falls_back(capsys: Capture) -> None:
    logs.setup({"ROLEFORGE_LOG_LEVEL": "loud"})
    logging.getLogger("a").info("no")
    logging.getLogger("a").warning("yes")
    written = capsys.readouterr().err
    assert "yes" in written
    assert "no\n" not in written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abcdefgh12345", "Authorization: Bearer …"),
        ("key sk-proj-abcdefgh1234 refused", "key … refused"),
        ("https://discord.com/api/webhooks/123/abc-DEF_1", "https://discord.com/api/webhooks/…"),
        ("http://user:pass@host/v1", "http://…@host/v1"),
        ("task-based risk-averse sk-ip", "task-based risk-averse sk-ip"),
        ("token " + "M" * 24 + "." + "a" * 6 + "." + "b" * 30, "token …"),
    ],
)
def test_what_looks_like_a_key_is_hidden(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_short_secret_does_not_black_out_words() -> None:
    assert redact("the test is on", {"on"}) == "the test is on"
