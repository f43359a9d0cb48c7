"""The picture is a picture, whatever is in it."""

import io
import sys

import pytest
from PIL import Image

from bot.charts import MOST_ROWS, Line, draw_day
from roleplay.history import Bucket

HOUR = 3600
NOW = 500_000 * HOUR + 120.0
GREEN, RED, BLUE = (35, 165, 90), (242, 63, 67), (88, 101, 242)


def drawn(*lines: Line) -> Image.Image:
    png = draw_day(lines, NOW)
    assert png
    return Image.open(io.BytesIO(png)).convert("RGB")


def colours(image: Image.Image) -> set[object]:
    return {colour for _, colour in image.getcolors(100_000) or []}


def test_a_good_hour_is_green_and_a_bad_one_red() -> None:
    good, bad = Bucket(500_000 * HOUR, ok=9), Bucket(499_990 * HOUR, failed=9)
    assert GREEN in colours(drawn(Line("a", [good])))
    assert RED not in colours(drawn(Line("a", [good])))
    assert RED in colours(drawn(Line("a", [bad, good])))


def test_the_time_to_the_first_word_is_drawn_where_it_is_known() -> None:
    hour = Bucket(500_000 * HOUR, ok=9, answered=1, total=2.0, first_tokens=1, first_token=0.5)
    box = (590, 50, 960, 100)
    assert BLUE in colours(drawn(Line("a", [hour])).crop(box))
    assert BLUE not in colours(drawn(Line("a", [Bucket(500_000 * HOUR, ok=9)])).crop(box))


def test_many_profiles_with_long_names_stay_one_small_picture() -> None:
    png = draw_day([Line(f"profile-{'x' * 80}-{n}", []) for n in range(50)], NOW)
    assert png
    assert Image.open(io.BytesIO(png)).height < 60 * (MOST_ROWS + 1)


def test_without_pillow_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert draw_day([Line("a", [])], NOW) is None
