import json
from pathlib import Path

import pytest
from fakes.command_line import Roleforge
from fakes.lore import book, entry

from roleplay.lorebooks.read import read_file
from roleplay.lorebooks.write import world_of
from storage.lock import hold

CONFIG = '{"profiles": {"main": {"baseURL": "http://127.0.0.1:9/v1", "model": "m"}}}'

WORLD = book(
    entry(1, "cow", content="Rufus likes her.", comment="Cow"),
    entry(2, "rufus", content="A dog.", comment="Rufus"),
    entry(3, "cow", secondary_keys=("milk",), comment="Milk"),
    entry(4, "cat", comment="Cat"),
)


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "config.json").write_text(CONFIG, encoding="utf-8")
    (folder / "world.json").write_text(json.dumps(world_of(WORLD)), encoding="utf-8")
    (folder / "bad.json").write_text('{"entries": [{"depth": []}]}', encoding="utf-8")


def test_a_file_is_shown_and_tried_without_a_database_or_a_config(
    folder: Path, roleforge: Roleforge
) -> None:
    (folder / "config.json").unlink()
    shown = roleforge("lorebook", "show", "world.json")
    assert shown.out.splitlines()[0] == "World: 4 entries"
    assert "1\tCow\tcow\t100\tbefore character\tRufus likes her." in shown.out
    tried = roleforge("lorebook", "test", "world.json", "--text", "A cow!")
    assert tried.code == 0
    assert tried.out.splitlines()[:3] == [
        "in: Rufus (World), 3 tokens, key “rufus”, found in Cow",
        "in: Cow (World), 6 tokens, key “cow”",
        "out: Milk (World), secondary keys: AND_ANY: milk",
    ]
    told = json.loads(roleforge("lorebook", "test", "world.json", "--text", "A cow!", "--json").out)
    assert [each["title"] for each in told["fired"]] == ["Rufus", "Cow"]
    assert [each["why"] for each in told["skipped"]] == ["secondary keys"]
    assert told["unmatched"] == 1


def test_a_file_becomes_another_kind_of_file(folder: Path, roleforge: Roleforge) -> None:
    for form in ("sillytavern", "v3"):
        out = f"{form}.json"
        assert roleforge("lorebook", "export", "world.json", out, "--to", form).code == 0
        assert read_file((folder / out).read_bytes(), out) == WORLD
        again = roleforge("lorebook", "export", "world.json", out, "--to", form)
        assert (again.code, "is there already" in again.err) == (65, True)


def test_books_are_kept_listed_and_taken_out(folder: Path, roleforge: Roleforge) -> None:
    brought = roleforge("lorebook", "import", "world.json", "bad.json", "--json")
    assert brought.code == 65
    good, bad = json.loads(brought.out)["files"]
    assert (good["ok"], good["id"], good["name"], good["entries"]) == (True, 1, "World", 4)
    assert bad["error"]["message"] == "bad.json: entries[0]: depth is a list, not a number."
    roleforge("lorebook", "import", "world.json", "--guild", "77", "--name", "Ours")
    listed = json.loads(roleforge("lorebook", "list", "--json").out)["lorebooks"]
    assert [(each["name"], each["guildId"]) for each in listed] == [("Ours", 77), ("World", None)]
    assert roleforge("lorebook", "export", "world", "out.json").code == 0
    assert read_file((folder / "out.json").read_bytes(), "out.json") == WORLD
    missing = roleforge("lorebook", "show", "Ours")
    assert (missing.code, "neither a file nor a lorebook" in missing.err) == (65, True)
    assert roleforge("lorebook", "show", "Ours", "--guild", "77").code == 0


def test_nothing_is_imported_beside_a_running_bot(folder: Path, roleforge: Roleforge) -> None:
    (folder / "data").mkdir()
    with hold(folder / "data"):
        assert roleforge("lorebook", "import", "world.json").code == 75


def test_it_is_tried_with_the_settings_of_the_config(folder: Path, roleforge: Roleforge) -> None:
    profiles = {"main": {"type": "koboldcpp", "baseURL": "http://127.0.0.1:9"}}
    chat = {"lorebooks": {"caseSensitive": True}}
    (folder / "strict.json").write_text(json.dumps({"profiles": profiles, "chat": chat}), "utf-8")
    words = ("lorebook", "test", "world.json", "--text", "A COW!", "--json")
    assert json.loads(roleforge(*words).out)["fired"]
    assert not json.loads(roleforge(*words, "--config", "strict.json").out)["fired"]
