from bot.bars import day_bar
from roleplay.history import Bucket

HOUR = 3600
NOW = 500_000 * HOUR + 120.0


def test_a_day_is_a_sign_an_hour_the_running_one_last() -> None:
    newest = 500_000 * HOUR
    hours = [
        Bucket(newest - 23 * HOUR, ok=60),
        Bucket(newest - HOUR, failed=60),
        Bucket(newest, ok=30, failed=30),
    ]
    assert day_bar(hours, NOW) == "█" + "·" * 21 + "▁" + "▅"


def test_an_hour_in_which_a_server_only_started_is_unknown() -> None:
    assert day_bar([Bucket(500_000 * HOUR, starting=3)], NOW) == "·" * 24
