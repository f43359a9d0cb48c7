import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from roleplay.macros.chance import chance_macros
from roleplay.macros.clock import clock_macros, duration, format_moment
from roleplay.macros.expand import expand
from roleplay.macros.words import WORDS, variable_macros

AT = datetime(2026, 3, 1, 19, 5, 9, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{{time}}", "7:05 PM"),
        ("{{date}}", "March 1, 2026"),
        ("{{weekday}}", "Sunday"),
        ("{{isotime}}", "19:05"),
        ("{{isodate}}", "2026-03-01"),
        ("{{datetimeformat DD.MM.YYYY [at] H:mm Z}}", "01.03.2026 at 19:05 +02:00"),
        ("{{datetimeformat Do MMM YY, h:mm:ss a}}", "1st Mar 26, 7:05:09 pm"),
        ("{{time_UTC-3}}", "2:05 PM"),
        ("{{time::UTC+1}}", "6:05 PM"),
        ("{{time_UTC+99}}", "{{time_UTC+99}}"),
        ("{{time::noon}}", "{{time::noon}}"),
        ("{{idle_duration}}", "5 minutes"),
    ],
)
def test_date_and_time(written: str, value: str) -> None:
    assert expand(written, clock_macros(AT, 300.0)) == value


def test_nobody_has_written_yet() -> None:
    assert expand("{{idle_duration}}", clock_macros(AT, None)) == "just now"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (3, "a few seconds"),
        (60, "a minute"),
        (3600, "an hour"),
        (5 * 3600, "5 hours"),
        (86400, "a day"),
        (40 * 86400, "a month"),
        (100 * 86400, "3 months"),
        (400 * 86400, "a year"),
        (800 * 86400, "2 years"),
    ],
)
def test_durations_are_told_as_people_do(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_ordinals() -> None:
    days = [format_moment(datetime(2026, 1, day, tzinfo=UTC), "Do") for day in (2, 3, 11, 13, 21)]
    assert days == ["2nd", "3rd", "11th", "13th", "21st"]


def test_random_choices_are_among_the_options_and_change() -> None:
    macros = chance_macros(random.Random(3), "channel")
    seen = {expand("{{random: sun, rain}}", macros) for _ in range(50)}
    assert seen == {"sun", "rain"}


def test_a_pick_stays_the_same_in_its_place() -> None:
    text = "{{pick:a,b,c,d,e,f,g,h}}" * 8
    first = expand(text, chance_macros(random.Random(1), "one"))
    assert first == expand(text, chance_macros(random.Random(2), "one"))
    assert first != expand(text, chance_macros(random.Random(1), "another"))
    assert len(set(first)) > 1


def test_dice_in_a_text() -> None:
    macros = chance_macros(random.Random(3), "")
    for written in ("{{roll:1d6}}", "{{roll 6}}", "{{roll:d6}}", "{{roll::6}}"):
        assert 1 <= int(expand(written, macros)) <= 6
    assert expand("[{{roll:nothing}}]", macros) == "[]"


def test_notes_to_the_reader_are_left_out() -> None:
    text = 'a{{// note {{x}} }}{{comment:b}}{{hidden_key:c}}{{noop}}{{banned "word"}}d'
    assert expand(text, WORDS) == "ad"
    assert expand("{{reverse:drawer}}{{newline}}{{space}}.", WORDS) == "reward\n ."


def test_variables_live_from_where_they_are_set() -> None:
    macros = variable_macros({})
    text = "{{getvar::hp}}{{setvar::hp::10}}{{addvar::hp::5}}{{getvar::hp}} {{decvar::hp}}"
    assert expand(text, macros) == "15 14"
    assert expand("{{setvar::n::a}}{{addvar::n::b}}{{getvar::n}}", macros) == "ab"
