import json
from pathlib import Path
from typing import Any

import pytest
from fakes.command_line import Roleforge

DATA: dict[str, Any] = {
    "name": "Mira",
    "description": "{{char}} flies the Lark with {{user}}.",
    "personality": "dry",
    "scenario": "",
    "first_mes": "Welcome aboard, {{user}}.",
    "mes_example": "",
    "system_prompt": "{{original}} Be dry.",
    "post_history_instructions": "Be brief.",
}
CARD = {"spec": "chara_card_v2", "spec_version": "2.0", "data": DATA}
BOOK = {
    "entries": {
        "0": {"uid": 0, "key": ["Lark"], "content": "The Lark leaks.", "comment": "the ship"},
        "1": {"uid": 1, "key": ["Titan"], "content": "Cold.", "comment": "the moon"},
    }
}
CHAT = [
    {"user_name": "Ann", "character_name": "Mira"},
    {"name": "Mira", "is_user": False, "mes": "Welcome aboard."},
    {"name": "Ann", "is_user": True, "mes": "Is the Lark fast? {{char}}"},
]


@pytest.fixture
def files(folder: Path) -> Path:
    (folder / "mira.json").write_text(json.dumps(CARD), "utf-8")
    (folder / "book.json").write_text(json.dumps(BOOK), "utf-8")
    (folder / "chat.jsonl").write_text("\n".join(map(json.dumps, CHAT)), "utf-8")
    return folder


def config(folder: Path, **profile: Any) -> None:
    main = {"type": "koboldcpp", "baseURL": "http://127.0.0.1:9"} | profile
    (folder / "config.json").write_text(json.dumps({"profiles": {"main": main}}), "utf-8")


def test_it_gives_the_messages_as_they_would_be_sent(files: Path, roleforge: Roleforge) -> None:
    del files
    ended = roleforge(
        *("prompt", "--character", "mira.json", "--chat", "chat.jsonl"),
        *("--persona", "Ann: {{user}} limps.", "--json"),
    )
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    first, *rest = found["messages"]
    assert first["role"] == "system"
    assert first["text"].endswith(
        "Be dry.\n\nMira flies the Lark with Ann.\n\nMira's personality: dry\n\n"
        "About Ann: Ann limps."
    )
    assert rest == [
        {"role": "assistant", "text": "Welcome aboard."},
        {"role": "user", "text": "Ann: Is the Lark fast? {{char}}"},
        {"role": "system", "text": "Be brief."},
    ]
    assert found["stop"] == ["\nAnn:"]
    assert found["request"]["body"]["messages"][1] == {
        "role": "assistant",
        "content": "Welcome aboard.",
    }
    assert [block["label"] for block in found["blocks"]][:2] == ["main prompt", "description"]
    assert all(block["tokens"] > 0 and block["sent"] for block in found["blocks"])


def test_it_tells_which_lore_fired_and_why(files: Path, roleforge: Roleforge) -> None:
    del files
    words = (
        "prompt",
        "--character",
        "mira.json",
        "--chat",
        "chat.jsonl",
        "--lorebook",
        "book.json",
    )
    found = json.loads(roleforge(*words, "--json").out)
    [fired] = found["lore"]["fired"]
    assert (fired["title"], fired["key"], fired["text"]) == ("the ship", "Lark", "The Lark leaks.")
    assert found["lore"]["unmatched"] == 1
    assert "The Lark leaks.\n\nMira flies" in found["messages"][0]["text"]
    assert "in: the ship (book), " in roleforge(*words).out


def test_without_a_chat_the_character_has_greeted(files: Path, roleforge: Roleforge) -> None:
    del files
    found = json.loads(
        roleforge("prompt", "--character", "mira.json", "--user", "Ben", "--json").out
    )
    assert {"role": "assistant", "text": "Welcome aboard, Ben."} in found["messages"]
    assert found["user"] == "Ben"


def test_in_mode_text_it_gives_the_text(files: Path, roleforge: Roleforge) -> None:
    config(files, mode="text", template="chatml", sampler={"maxContextTokens": 2048})
    words = ("prompt", "--character", "mira.json", "--chat", "chat.jsonl", "--profile", "main")
    found = json.loads(roleforge(*words, "--json").out)
    assert found["window"] == 2048
    assert found["text"].startswith("<|im_start|>system\n")
    assert found["text"].endswith("<|im_start|>assistant\n")
    assert found["request"]["body"]["prompt"] == found["text"]
    assert "<|im_end|>" in found["stop"]


def test_people_read_a_table_and_the_prompt(files: Path, roleforge: Roleforge) -> None:
    del files
    ended = roleforge("prompt", "--character", "mira.json", "--chat", "chat.jsonl")
    assert "main prompt\tsystem\t" in ended.out
    assert "Ends at: '\\nAnn:'" in ended.out
    assert "[user]\nAnn: Is the Lark fast? {{char}}" in ended.out


@pytest.mark.parametrize(
    ("words", "told", "code"),
    [
        (["--character", "none.png"], "none.png cannot be read", 65),
        (["--character", "book.json"], "book.json", 65),
        (["--character", "mira.json", "--lorebook", "none.json"], "none.json cannot be read", 65),
        (["--character", "mira.json", "--lorebook", "chat.jsonl"], "chat.jsonl", 65),
        (["--character", "mira.json", "--chat", "none.jsonl"], "none.jsonl cannot be read", 65),
        (["--character", "mira.json", "--persona", "Ann"], "no name before a colon", 65),
        (["--character", "mira.json", "--profile", "mian"], "main", 78),
    ],
)
def test_what_cannot_be_used_is_named(
    files: Path, roleforge: Roleforge, words: list[str], told: str, code: int
) -> None:
    config(files)
    ended = roleforge("prompt", *words)
    assert told in ended.err
    assert ended.code == code


def test_a_prompt_that_cannot_fit_says_so(files: Path, roleforge: Roleforge) -> None:
    config(files, sampler={"maxContextTokens": 256})
    long = CARD | {"data": DATA | {"description": "word " * 400}}
    (files / "mira.json").write_text(json.dumps(long), "utf-8")
    ended = roleforge("prompt", "--character", "mira.json", "--profile", "main", "--json")
    assert ended.code == 65
    assert json.loads(ended.out)["error"]["code"] == "context_overflow"


def test_lore_follows_the_config(files: Path, roleforge: Roleforge) -> None:
    main = {"type": "koboldcpp", "baseURL": "http://127.0.0.1:9"}
    given = {"profiles": {"main": main}, "chat": {"lorebooks": {"caseSensitive": True}}}
    (files / "strict.json").write_text(json.dumps(given), "utf-8")
    low = [CHAT[0], {"name": "Ann", "is_user": True, "mes": "Is the lark fast?"}]
    (files / "low.jsonl").write_text("\n".join(map(json.dumps, low)), "utf-8")
    words = ("prompt", "--character", "mira.json", "--chat", "low.jsonl", "--json")
    words = (*words, "--lorebook", "book.json")
    assert "The Lark leaks." in roleforge(*words).out
    assert "The Lark leaks." not in roleforge(*words, "--config", "strict.json").out
