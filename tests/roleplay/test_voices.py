import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.voices import webhook_name


@pytest.mark.parametrize("name", ["Mira", "Sir Bram the Third", "Zoë 🌙", "雪"])
def test_a_name_is_shown_as_it_is(name: str) -> None:
    assert webhook_name(name).rstrip("\u17b5") == name


@pytest.mark.parametrize("name", ["Clyde", "Discord Mod", "CLYDE the discordant"])
def test_names_that_discord_refuses_are_parted_where_nobody_sees_it(name: str) -> None:
    taken = webhook_name(name)
    assert taken.replace("\u200a", "") == name
    assert "clyde" not in taken.lower()
    assert "discord" not in taken.lower()


@given(st.text(max_size=200))
def test_whatever_a_character_is_called_discord_takes_it(name: str) -> None:
    taken = webhook_name(name)
    assert 2 <= len(taken.encode("utf-16-le")) // 2 <= 80
    assert "@" not in taken
    assert taken == taken.strip()
    assert not any(word in taken.lower() for word in ("clyde", "discord"))
