"""Effects counted in the history that was read, however long the channel is."""

from roleplay.lorebooks.anchors import FAR, anchored, chat_length, counted
from roleplay.lorebooks.result import Timer
from roleplay.lorebooks.store import Anchor


def test_a_timer_goes_into_the_store_and_comes_back() -> None:
    for older in (False, True):
        first = FAR if older else 0
        timers = {"a": Timer(first + 2, first + 6), "b": Timer(first + 3, None)}
        kept = anchored(timers, {}, [11, 12, 13], older=older)
        assert kept == {"a": Anchor(12, 4), "b": Anchor(13, None)}
        assert counted(kept, [11, 12, 13, 14], older=older) == timers
        assert chat_length([11, 12, 13, 14], older=older) == first + 4


def test_in_a_long_channel_the_window_moves_and_the_count_stays() -> None:
    kept = {"a": Anchor(12, 4)}
    before = counted(kept, [11, 12, 13], older=True)["a"]
    after = counted(kept, [12, 13, 14], older=True)["a"]
    assert chat_length([11, 12, 13], older=True) - before.start == 1
    assert chat_length([12, 13, 14], older=True) - after.start == 2


def test_a_deleted_message_ends_what_it_began() -> None:
    kept = {"a": Anchor(12, 4), "b": Anchor(12, None)}
    assert counted(kept, [11, 13], older=False) == {}
    assert counted(kept, [11, 13], older=True) == {}


def test_beyond_what_is_read_only_lasting_effects_hold() -> None:
    kept = {"a": Anchor(2, 4000), "b": Anchor(2, None)}
    timers = counted(kept, [11, 12], older=True)
    assert timers == {"b": Timer(FAR, None)}
    assert anchored(timers, kept, [11, 12], older=True) == {"b": Anchor(2, None)}


def test_a_reset_ends_all() -> None:
    assert counted({"a": Anchor(2, 9), "b": Anchor(2, None)}, [11], older=False) == {}
