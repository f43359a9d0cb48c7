"""Templates in the config: names, files and servers that take them."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.config.added import added_profile
from bot.config.env import Variables
from bot.config.load import Loaded, load
from roleplay.errors import ConfigError, Problem

PRESET = {"input_sequence": "U:", "output_sequence": "A:", "wrap": False}


class Folder:
    """A config's folder with presets beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        (self.path / name).write_text(text, encoding="utf-8")

    def load(self, **profile: Any) -> Loaded:
        self.put("config.json", {"profiles": {"a": {"type": "llamacpp", "model": "m", **profile}}})
        return load(self.path / "config.json", {})

    def refused(self, **profile: Any) -> Problem:
        with pytest.raises(ConfigError) as caught:
            self.load(**profile)
        [problem] = caught.value.problems
        return problem


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_mode_text_renders_with_the_named_template(folder: Folder) -> None:
    profile = folder.load(mode="text", template="mistral-v7-tekken").config.profiles["a"]
    assert profile.text_template
    assert profile.text_template.name == "mistral-v7-tekken"


def test_a_template_in_mode_chat_is_fine_and_not_used(folder: Folder) -> None:
    found = folder.load(template="llama3")
    assert found.config.profiles["a"].text_template is None
    assert found.warnings == ()


def test_mode_text_needs_a_template_and_tells_which_there_are(folder: Folder) -> None:
    problem = folder.refused(mode="text")
    assert problem.key == "profiles.a.mode"
    assert "chatml, alpaca, vicuna, llama2, llama3" in problem.message
    assert "SillyTavern" in problem.message


@pytest.mark.parametrize(
    "server",
    [
        {"type": "openai", "baseURL": "https://api.openai.com/v1"},
        {"type": "openai"},
        {"type": "openai", "baseURL": "http://localhost:11434/v1"},
    ],
    ids=str,
)
def test_mode_text_is_refused_where_a_server_takes_messages_only(
    server: dict[str, str], folder: Folder
) -> None:
    problem = folder.refused(mode="text", template="chatml", **server)
    assert problem.key == "profiles.a.mode"
    assert "llamacpp" in problem.message


@pytest.mark.parametrize(
    "server",
    [
        {"type": "openai", "baseURL": "http://localhost:1234/v1"},
        {"type": "auto", "baseURL": "http://localhost:11434/v1"},
    ],
    ids=str,
)
def test_other_servers_may_take_text(server: dict[str, str], folder: Folder) -> None:
    assert folder.load(mode="text", template="chatml", **server).config.profiles["a"].text_template


def test_a_preset_is_read_from_beside_the_config_and_watched_with_it(folder: Folder) -> None:
    folder.put("mine.json", PRESET)
    found = folder.load(mode="text", template="mine.json")
    template = found.config.profiles["a"].text_template
    assert template
    assert (template.name, template.user.before) == ("mine.json", "U:")
    assert folder.path / "mine.json" in found.sources


def test_a_changed_preset_makes_another_profile(folder: Folder) -> None:
    folder.put("mine.json", PRESET)
    before = folder.load(mode="text", template="mine.json").config.profiles["a"]
    folder.put("mine.json", {**PRESET, "input_sequence": "USER:"})
    assert folder.load(mode="text", template="mine.json").config.profiles["a"] != before


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"output_sequence": "A:"}, "input_sequence: This key is needed."),
        ({**PRESET, "wrap": "yes please"}, "wrap: "),
        ({"instruct": {"input_sequence": "U:"}}, "output_sequence: This key is needed."),
        ({"story_string": "{{system}}"}, "Export the instruct template"),
        ([1], "expected an object"),
        ("{", "line 1, column 2"),
        ("[" * 100_000, "not JSON"),
        ('"' + "x" * 300_000 + '"', "larger than 256 KiB"),
    ],
    ids=["no input", "a word", "a part", "context", "a list", "cut", "deep", "large"],
)
def test_a_file_that_is_no_preset_says_why(data: object, expected: str, folder: Folder) -> None:
    folder.put("mine.json", data)
    problem = folder.refused(mode="text", template="mine.json")
    assert problem.key == "profiles.a.template"
    assert expected in problem.message


def test_a_preset_that_is_not_there_or_a_folder_says_so(folder: Folder) -> None:
    assert "no such file" in folder.refused(template="gone.json").message
    (folder.path / "folder.json").mkdir()
    assert "cannot be read" in folder.refused(template="folder.json").message


def test_a_profile_beside_the_config_may_name_a_preset_too(folder: Folder) -> None:
    folder.put("mine.json", PRESET)
    variables = Variables({}, folder.path)
    body = {"type": "llamacpp", "mode": "text", "template": "mine.json"}
    template = added_profile("b", body, {}, variables).text_template
    assert template
    assert template.user.before == "U:"
    with pytest.raises(ConfigError, match="no such file"):
        added_profile("b", {**body, "template": "gone.json"}, {}, variables)


def test_the_loaded_preset_is_no_key_of_the_file(folder: Folder) -> None:
    problem = folder.refused(preset={"name": "x"})
    assert (problem.key, problem.message.startswith("Unknown key.")) == ("profiles.a.preset", True)


def test_an_unknown_template_is_told_the_nearest_or_all(folder: Folder) -> None:
    assert "mistral-v3" in folder.refused(template="mistral_v3").message
    assert "command-r" in folder.refused(template="zzz").message
