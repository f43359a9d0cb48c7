import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.command_line import Roleforge, environment

GOOD = """{"profiles": {
  "cloud": {"apiKey": "${KEY}", "model": "m", "fallbackProfiles": ["home"]},
  "home": {"baseURL": "http://localhost:11434/v1"}
}, "discord": {"token": "canary-token"}}"""


@pytest.fixture(autouse=True)
def good_config(folder: Path) -> None:
    (folder / "config.json").write_text(GOOD, encoding="utf-8")


def test_a_good_config_is_shown_with_its_keys_hidden(roleforge: Roleforge) -> None:
    ended = roleforge("check", KEY="canary-key")
    assert ended.code == 0
    lines = [line.split("\t") for line in ended.out.splitlines()]
    assert lines[1][:5] == [
        "cloud (default)",
        "openai",
        "https://api.openai.com/v1",
        "m",
        "hidden",
    ]
    assert lines[2][0] == "home"
    assert "canary" not in ended.out + ended.err
    assert "config.json:3:3: profiles.home: No model is set" in ended.err


def test_json_is_the_only_thing_on_standard_output(roleforge: Roleforge) -> None:
    ended = roleforge("check", "--json", KEY="canary-key")
    told = json.loads(ended.out)
    assert told["ok"] is True
    assert told["defaultProfile"] == "cloud"
    assert told["profiles"]["cloud"]["fallbackProfiles"] == ["home"]
    assert told["profiles"]["cloud"]["baseURL"] == "https://api.openai.com/v1"
    assert [warning["key"] for warning in told["warnings"]] == ["profiles.home"]
    assert "canary" not in ended.out


def test_the_fate_of_every_sampler_key_is_told(folder: Path, roleforge: Roleforge) -> None:
    sampler = '{"temperature": 0.7, "topP": 0.9, "topK": 40}'
    text = f'{{"profiles": {{"cloud": {{"model": "m", "sampler": {sampler}}}}}}}'
    (folder / "config.json").write_text(text, encoding="utf-8")
    fates = ["sent", "sent as top_p", "dropped: OpenAI refuses it"]
    lines = [line.split("\t") for line in roleforge("check").out.splitlines()[2:6]]
    assert [line[3] for line in lines] == ["What the server gets", *fates]
    told = json.loads(roleforge("check", "--json").out)["profiles"]["cloud"]["samplerReport"]
    assert told[1] == {"key": "topP", "value": 0.9, "fate": "sent as top_p"}
    assert [row["fate"] for row in told] == fates


def test_a_broken_config_ends_with_78_and_every_problem(folder: Path, roleforge: Roleforge) -> None:
    (folder / "config.json").write_text('{"profiles": {"a": {"typ": 1, "model": 2}}}', "utf-8")
    ended = roleforge("check")
    assert ended.code == 78
    assert ended.out == ""
    assert ended.err.splitlines()[:2] == [
        'config.json:1:21: profiles.a.typ: Unknown key. Did you mean "type"?',
        "config.json:1:40: profiles.a.model: Expected text in double quotes, not a number.",
    ]


def test_a_broken_config_is_json_too(roleforge: Roleforge) -> None:
    ended = roleforge("check", "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["ok"]) == (78, False)
    assert told["error"]["problems"][0] == {
        "file": "config.json",
        "line": 2,
        "column": 23,
        "key": "profiles.cloud.apiKey",
        "message": told["error"]["problems"][0]["message"],
    }
    assert "KEY is not set" in told["error"]["problems"][0]["message"]


def test_the_config_is_named_by_option_then_variable_then_place(
    folder: Path, roleforge: Roleforge
) -> None:
    (folder / "other.json").write_text('{"profiles": {"b": {}}}', encoding="utf-8")
    (folder / "third.json").write_text('{"profiles": {"c": {}}}', encoding="utf-8")

    def default(*words: str, **environ: str) -> str:
        ended = roleforge("check", "--json", *words, KEY="k", **environ)
        return json.loads(ended.out)["defaultProfile"]

    assert default("--config", "other.json", ROLEFORGE_CONFIG="third.json") == "b"
    assert default(ROLEFORGE_CONFIG="third.json") == "c"
    assert default() == "cloud"


def test_no_config_says_how_to_get_one(folder: Path, roleforge: Roleforge) -> None:
    (folder / "config.json").unlink()
    ended = roleforge("check")
    assert ended.code == 78
    assert "Copy config.example.json to config.json" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently there")
def test_a_reader_that_leaves_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "schema"],
            env=environment({}),
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=50,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_a_template_that_lies_idle_is_told_where_the_profile_is_shown(
    folder: Path, roleforge: Roleforge
) -> None:
    profiles = {
        "idle": {"type": "llamacpp", "model": "m", "template": "chatml"},
        "used": {"type": "llamacpp", "model": "m", "template": "chatml", "mode": "text"},
        "none": {"type": "llamacpp", "model": "m"},
    }
    (folder / "config.json").write_text(json.dumps({"profiles": profiles}), encoding="utf-8")
    formats = [line.split("\t")[6] for line in roleforge("check").out.splitlines()[1:4]]
    assert formats == ["the server's own (chatml is not used)", "chatml", "the server's own"]
    told = json.loads(roleforge("check", "--json").out)["profiles"]
    assert {name: told[name]["templateUsed"] for name in told} == {
        "idle": False,
        "used": True,
        "none": False,
    }
