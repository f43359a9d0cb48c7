from dataclasses import replace

from roleplay.proxying import PATIENCE, ProxyWatch
from roleplay.transcript import IncomingMessage

ORIGINAL = IncomingMessage(100, 2, 3, 4, "Ann", "Luna: Hello  there!", 50.0)
PROXY = IncomingMessage(101, 2, 3, 900, "Luna", "hello there!", 51.0, proxied=True)


def test_a_proxy_finds_what_it_repeats_once() -> None:
    watch = ProxyWatch()
    watch.note(ORIGINAL, 7)
    found = watch.original_of(PROXY)
    assert found
    assert (found.message, found.turn_id) == (ORIGINAL, 7)
    assert watch.original_of(replace(PROXY, discord_id=102)) is None


def test_the_newest_of_several_is_meant() -> None:
    watch = ProxyWatch()
    watch.note(ORIGINAL, 7)
    watch.note(replace(ORIGINAL, discord_id=99), 6)
    found = watch.original_of(PROXY)
    assert found
    assert found.turn_id == 7


def test_other_channels_other_words_and_other_times_do_not_match() -> None:
    for other in (
        replace(PROXY, channel_id=9),
        replace(PROXY, text="Hello you!"),
        replace(PROXY, text=" "),
        replace(PROXY, created_at=61.0),
    ):
        watch = ProxyWatch()
        watch.note(ORIGINAL, 7)
        assert watch.original_of(other) is None


def test_an_original_that_comes_after_its_proxy_is_known_by_it() -> None:
    watch = ProxyWatch()
    assert watch.original_of(PROXY) is None
    assert watch.is_repeated(ORIGINAL)
    assert not watch.is_repeated(replace(ORIGINAL, discord_id=105))


def test_who_writes_through_a_proxy_is_learned_per_server_and_forgotten_again() -> None:
    watch = ProxyWatch()
    watch.note(ORIGINAL, 7)
    assert not watch.expects(ORIGINAL)
    watch.original_of(PROXY)
    assert watch.expects(ORIGINAL)
    assert not watch.expects(replace(ORIGINAL, guild_id=8))
    for number in range(PATIENCE):
        assert watch.expects(ORIGINAL)
        plain = replace(ORIGINAL, discord_id=200 + number)
        watch.note(plain, 9)
        assert watch.missed(plain)
    assert not watch.expects(ORIGINAL)


def test_what_was_proxied_is_not_missed() -> None:
    watch = ProxyWatch()
    watch.note(ORIGINAL, 7)
    watch.original_of(PROXY)
    assert not watch.missed(ORIGINAL)
