from io import BytesIO

import pytest
from fakes.cards import charx, v3
from PIL import Image

from bot.characters.files import file_name, opened, written
from bot.characters.form import BOTH, changes_of
from roleplay.characters.formats import read_file


def webp() -> bytes:
    file = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "WEBP")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Mira", "Mira.png"),
        ("../../etc/passwd", "etc_passwd.png"),
        ("C:\\x\0y", "C_x_y.png"),
        ("CON", "CON_.png"),
        ("…", "character.png"),
        ("Jörg 柚子", "Jörg_柚子.png"),
        ("x" * 300, "x" * 60 + ".png"),
    ],
)
def test_a_files_name_is_one_that_every_system_takes(name: str, file: str) -> None:
    assert file_name(name, "png") == file


async def test_an_icon_of_another_kind_becomes_a_png_in_a_png() -> None:
    icon = {"type": "icon", "uri": "embeded://i.webp", "name": "main", "ext": "webp"}
    found = await opened(charx(v3(assets=[icon]), **{"i.webp": webp()}), "mira.charx")
    assert found.avatar
    again = read_file(await written(found.contents, "png"), "again.png")[1]
    assert again.picture
    assert again.picture.startswith(b"\x89PNG")
    assert again.card == found.contents.card


async def test_a_picture_that_is_broken_costs_the_avatar_and_says_so() -> None:
    icon = {"type": "icon", "uri": "embeded://i.webp", "name": "main", "ext": "webp"}
    found = await opened(charx(v3(assets=[icon]), **{"i.webp": webp()[:60]}), "mira.charx")
    assert found.avatar is None
    assert found.contents.notes[0].startswith("No avatar: This is no picture that can be used")


def test_personality_and_scenario_are_parted_by_a_line() -> None:
    both = "Bold. Scenario: none yet.\n\nscenario:  \nA storm.\nScenario:\nmore"
    assert changes_of({"name": " Mira ", BOTH: both}) == {
        "name": "Mira",
        "personality": "Bold. Scenario: none yet.",
        "scenario": "A storm.\nScenario:\nmore",
    }
