import pytest

from bot.causes import cause, plain, quote
from roleplay.monitor import UNHEALTHY


@pytest.mark.parametrize("code", sorted(UNHEALTHY))
def test_every_cause_of_an_outage_has_a_sentence_of_its_own(code: str) -> None:
    assert cause(code) != cause("something new")


def test_a_servers_words_stay_dead_text() -> None:
    hostile = "`@everyone` [click](http://evil.example)\n# big"
    assert quote(hostile) == "`'@everyone' [click](http://evil.example) # big`"


def test_a_servers_words_are_short_and_without_keys() -> None:
    shown = quote("sk-abcdefghijklmnop " + "x" * 5000)
    assert len(shown) <= 202
    assert "abcdefghijklmnop" not in shown


def test_a_hint_cannot_ping_or_format() -> None:
    assert plain("ask @everyone about *it*") == "ask @\u200beveryone about \\*it\\*"
