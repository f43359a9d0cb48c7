import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.config.load import load
from bot.config.schema import schema, schema_text
from roleplay.errors import ConfigError

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "config.example.json"


def faults(value: Any) -> list[str]:
    validator: Any = Draft202012Validator(schema())  # iter_errors has no complete types
    return [str(error.message) for error in validator.iter_errors(value)]


def test_the_committed_schema_is_current() -> None:
    committed = (ROOT / "config.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run: roleforge schema > config.schema.json"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_example_is_strict_json_that_fits_the_schema_and_loads_without_a_warning() -> None:
    value = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert faults(value) == []
    assert (EXAMPLE.parent / value["$schema"]).is_file()
    found = load(EXAMPLE, {"DISCORD_TOKEN": "t"})
    assert found.warnings == ()
    assert found.config.profiles["openai"].api_key is None


def test_the_example_without_a_token_says_which_variable_is_missing() -> None:
    with pytest.raises(ConfigError, match=r"discord\.token: .* DISCORD_TOKEN is not set"):
        load(EXAMPLE, {})


@pytest.mark.parametrize(
    "profile",
    [
        {"api_key": "x"},
        {"name": "x"},
        {"type": 1},
        {"template": "chatlm"},
        {"maxRetries": "3"},
        {"sampler": {"topP": 2}},
    ],
    ids=str,
)
def test_schema_and_loader_refuse_the_same(profile: dict[str, Any], tmp_path: Path) -> None:
    value = {"profiles": {"a": profile}}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert faults(value)
    with pytest.raises(ConfigError):
        load(path, {})


@pytest.mark.parametrize(
    "value",
    [
        {"profiles": {"a": {}}, "health": {"interval": "${EVERY:-30}"}},
        {"profiles": {"a": {"template": "${TEMPLATE:-chatml}"}}},
        {"profiles": {"a": {}}, "discord": {"devGuild": "123456789012345678"}},
    ],
    ids=str,
)
def test_schema_and_loader_take_the_same(value: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert faults(value) == []
    assert load(path, {}).config.profiles
