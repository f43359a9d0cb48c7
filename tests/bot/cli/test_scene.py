import json
from pathlib import Path

import pytest
from fakes.command_line import Roleforge

from storage.lock import hold

CONFIG = '{"profiles": {"main": {"baseURL": "http://127.0.0.1:9/v1", "model": "m"}}}'

CHAT: list[dict[str, object]] = [
    {"user_name": "Ann", "character_name": "Mira", "chat_metadata": {}},
    {"name": "Mira", "is_user": False, "is_system": False, "mes": "*waves*", "send_date": 0},
    {"name": "Ann", "is_user": True, "is_system": False, "mes": "Hi!", "send_date": ""},
]


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "config.json").write_text(CONFIG, encoding="utf-8")
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, CHAT)), encoding="utf-8")
    (folder / "bad.jsonl").write_text('{"user_name": "Ann"}\n{"mes": 4}', encoding="utf-8")


def test_a_file_is_converted_without_a_database_or_a_config(
    folder: Path, roleforge: Roleforge
) -> None:
    (folder / "config.json").unlink()
    shown = roleforge("scene", "export", "a.jsonl", "--to", "markdown")
    assert shown.code == 0
    assert shown.out.endswith("**Ann**\n\nHi!\n")
    told = json.loads(
        roleforge("scene", "export", "a.jsonl", "--to", "html", "--out", "a.html", "--json").out
    )
    assert (told["ok"], told["messages"], told["names"]) == (True, 2, ["Mira", "Ann"])
    assert "<em>waves</em>" in (folder / "a.html").read_text("utf-8")


def test_a_bad_file_ends_with_65_and_the_place(roleforge: Roleforge) -> None:
    ended = roleforge("scene", "export", "bad.jsonl", "--json")
    assert ended.code == 65
    assert "bad.jsonl:2: mes" in json.loads(ended.out)["error"]["message"]
    assert roleforge("scene", "export", "none.jsonl").code == 65


def test_a_chat_goes_into_the_database_and_out_again(folder: Path, roleforge: Roleforge) -> None:
    assert roleforge("scene", "export", "5000").code == 65
    where = ("--channel", "5000", "--guild", "3")
    brought = json.loads(roleforge("scene", "import", "a.jsonl", *where, "--json").out)
    assert (brought["ok"], brought["messages"]) == (True, 2)
    [scene] = json.loads(roleforge("scene", "list", "--json").out)["scenes"]
    assert (scene["channel_id"], scene["title"]) == (5000, "Mira")
    written = roleforge("scene", "export", "5000").out
    assert [json.loads(line)["mes"] for line in written.splitlines()[1:]] == ["*waves*", "Hi!"]
    with hold(folder / "data"):
        assert roleforge("scene", "import", "a.jsonl", *where).code == 75
        assert roleforge("scene", "list").code == 0
