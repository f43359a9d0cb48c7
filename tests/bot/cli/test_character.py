import json
from pathlib import Path

import pytest
from fakes.cards import as_json, png, text_chunk, v2, v3
from fakes.command_line import Roleforge

from roleplay.characters.formats import read_file
from storage.lock import hold

CONFIG = '{"profiles": {"main": {"baseURL": "http://127.0.0.1:9/v1", "model": "m"}}}'


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "config.json").write_text(CONFIG, encoding="utf-8")
    cards = folder / "cards"
    cards.mkdir()
    (cards / "a.png").write_bytes(png(text_chunk("chara", v2(name="Ada"))))
    (cards / "b.json").write_bytes(as_json(v2(name="Bram", tags=["t"] * 600)))
    (cards / "c.json").write_bytes(as_json(v2(name=["x"])))


def test_a_file_is_shown_without_a_database_or_a_config(folder: Path, roleforge: Roleforge) -> None:
    (folder / "config.json").unlink()
    shown = roleforge("character", "show", "cards/a.png")
    assert shown.code == 0
    assert shown.out.startswith("Ada\ndescription: {{char}} keeps the inn")
    told = json.loads(roleforge("character", "show", "cards/b.json", "--json").out)
    assert (told["ok"], told["format"], told["name"]) == (True, "json", "Bram")
    assert told["card"]["data"]["creator"] == "somebody"
    assert told["notes"] == ["data.tags was cut from 600 to 500 entries."]


def test_a_bad_file_ends_with_65_and_the_reason(roleforge: Roleforge) -> None:
    ended = roleforge("character", "show", "cards/c.json", "--json")
    assert ended.code == 65
    error = json.loads(ended.out)["error"]
    assert error["message"] == "c.json: data.name is a list, not a text."


@pytest.mark.parametrize(
    ("out", "to", "form"),
    [
        ("o.json", [], "json"),
        ("o.yml", [], "yaml"),
        ("o", ["--to", "charx"], "charx"),
        ("o.apng", [], "png"),
    ],
)
def test_a_file_becomes_another_kind_of_file(
    folder: Path, roleforge: Roleforge, out: str, to: list[str], form: str
) -> None:
    before = read_file((folder / "cards" / "a.png").read_bytes(), "a")[1]
    assert roleforge("character", "export", "cards/a.png", out, *to).code == 0
    found, contents = read_file((folder / out).read_bytes(), out)
    assert (found, contents.card) == (form, before.card)
    again = roleforge("character", "export", "cards/a.png", out, *to)
    assert again.code == 65
    assert "is there already" in again.err


def test_an_export_says_what_the_format_cannot_hold(roleforge: Roleforge) -> None:
    told = json.loads(roleforge("character", "export", "cards/a.png", "o.json", "--json").out)
    assert told["notes"] == ["The picture is not in it: json holds the card alone."]
    ended = roleforge("character", "export", "cards/a.png", "o")
    assert ended.code == 65
    assert "--to with one of charx, json, png, yaml" in ended.err


def test_a_folder_is_imported_with_each_files_result(folder: Path, roleforge: Roleforge) -> None:
    ended = roleforge("character", "import", "cards")
    assert ended.code == 65
    assert "a.png: Ada, number 1" in ended.out
    assert "b.json: Bram, number 2" in ended.out
    assert "c.json was not imported: c.json: data.name is a list" in ended.err
    again = json.loads(roleforge("character", "import", "cards/a.png", "--json").out)
    assert again["files"][0]["error"]["hint"].startswith("Choose another name, say “Ada 2”")
    assert roleforge("character", "import", "cards/a.png", "--name", "Eve").code == 0
    listed = json.loads(roleforge("character", "list", "--json").out)["characters"]
    assert [(each["name"], each["guildId"]) for each in listed] == [
        ("Ada", None),
        ("Bram", None),
        ("Eve", None),
    ]
    assert [each["picture"] for each in listed] == [True, False, True]
    assert "Ada\tshared\t1\t0\tyes" in roleforge("character", "list").out
    exported = roleforge("character", "export", "ada", "ada.png")
    assert exported.code == 0
    whole = read_file((folder / "ada.png").read_bytes(), "x")[1]
    assert (whole.card.name, whole.picture) == ("Ada", png())


def test_a_servers_characters_are_its_own(roleforge: Roleforge) -> None:
    assert roleforge("character", "import", "cards/a.png", "--guild", "7").code == 0
    assert roleforge("character", "show", "Ada").code == 65
    assert roleforge("character", "show", "Ada", "--guild", "7").out.startswith("Ada\n")
    assert (
        roleforge("character", "list", "--guild", "8", "--json").out == '{\n  "characters": []\n}\n'
    )


def test_nothing_is_imported_while_the_bot_runs(folder: Path, roleforge: Roleforge) -> None:
    with hold(folder / "data"):
        assert roleforge("character", "import", "cards/a.png").code == 75


def test_a_v3_card_keeps_its_own_fields_through_yaml(folder: Path, roleforge: Roleforge) -> None:
    (folder / "v3.json").write_bytes(as_json(v3(unknown=1)))
    roleforge("character", "export", "v3.json", "v3.yaml")
    told = json.loads(roleforge("character", "show", "v3.yaml", "--json").out)
    assert told["card"]["data"]["unknown"] == 1
    assert told["char"] == "Mi"
