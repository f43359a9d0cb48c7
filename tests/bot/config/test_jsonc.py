import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.config.findings import Finding
from bot.config.jsonc import dotted, read
from bot.config.load import load
from roleplay.errors import ConfigError

VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ab.$é😀"), inner, max_size=4)
    ),
    max_leaves=12,
)

GOOD = """{
  // one of everything
  "$schema": "./config.schema.json", "defaultProfile": "a",
  "profiles": {
    "a": { "type": "openai", "apiKey": "${KEY:-sk-1}", "baseURL": "http://localhost:1/v1",
           "model": "m", "template": "chatml", "fallbackProfiles": ["b"], "maxRetries": 3,
           "sampler": { "temperature": 0.7, "stop": ["a", "b"], "n": 1, "forceJson": false },
           "timeouts": { "connect": 5 } },
    "b": { "fallbackProfiles": [] }
  },
  "discord": { "token": "${TOKEN:-}", "ownerIds": [1, "2"] },
  "health": { "interval": 60, "enabled": true }, "chat": { "mode": "all", "wakeWords": ["x"] }
}"""

PIECES = st.sampled_from(
    [
        *list("\"{}[],:\\-0'\n\x00\ufeffé😀"),
        "//",
        "/*",
        "*/",
        "\\u",
        "null",
        "true",
        "NaN",
        "1e999",
        "${",
        "${KEY}",
        "$$",
        "{}",
        '"a"',
        '"name":1,',
    ]
)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_reads_what_json_reads(value: JsonValue, indent: int | None, escaped: bool) -> None:  # noqa: FBT001 - hypothesis hands it over
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    assert read(text, "f").value == value


def test_knows_the_place_of_every_key_and_value() -> None:
    document = read('{ // c\r\n\t"é": [1,\n /* 2 */ {"b.c" : "😀", "d": 2}] }', "f")
    places = {
        (): (1, 1),
        ("é",): (2, 7),
        ("é", 0): (2, 8),
        ("é", 1): (3, 10),
        ("é", 1, "b.c"): (3, 19),
        ("é", 1, "d"): (3, 29),
    }
    for path, place in places.items():
        problem = document.problem(Finding(path, "m"))
        assert (problem.line, problem.column) == place
    at_key = document.problem(Finding(("é", 1, "d"), "m", at_key=True))
    assert (at_key.line, at_key.column, at_key.key) == (3, 24, "é[1].d")


def test_something_missing_is_placed_at_what_should_hold_it() -> None:
    problem = read('{"a": {"b": 1}}', "f").problem(Finding(("a", "gone", "deeper"), "m"))
    assert (problem.line, problem.column, problem.key) == (1, 7, "a.gone.deeper")


def test_names_with_dots_stand_in_brackets() -> None:
    assert (
        dotted(("profiles", "gpt-5.1", "sampler", "stop", 0))
        == 'profiles["gpt-5.1"].sampler.stop[0]'
    )


REFUSED = [
    "01",
    "1.",
    "+1",
    "0x1",
    "1_0",
    "tru",
    "nulll",
    "1e999",
    '"\\x"',
    '"\\u12"',
    '"\\ud800"',
    "[,]",
    "{,}",
    '{"a":1,,}',
    "{1:2}",
]


@pytest.mark.parametrize(
    "text", [*REFUSED, '"\t"', "[1 2]", "1 /", "\ufeff1", "\u00a01", "9" * 500]
)
def test_refuses_what_json_refuses(text: str) -> None:
    with pytest.raises(ConfigError):
        read(text, "f")


@given(data=st.data())
def test_a_mutated_config_loads_or_says_why_but_never_crashes(
    path: Path, data: st.DataObject
) -> None:
    text = GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(PIECES | st.text(max_size=4)) + text[end:]
    _loads_or_says_why(path, text)


@given(
    value=st.dictionaries(
        st.sampled_from(
            ["profiles", "defaultProfile", "discord", "health", "chat", "storage", "x"]
        ),
        VALUES
        | st.dictionaries(
            st.sampled_from(["a", "b", "mode", "token", "apiKey"]),
            VALUES
            | st.dictionaries(
                st.sampled_from(
                    ["fallbackProfiles", "baseURL", "apiKey", "sampler", "type", "name"]
                ),
                VALUES | st.lists(st.sampled_from(["a", "b"])) | st.just("http://[x"),
            ),
        ),
    )
)
def test_values_of_any_shape_load_or_say_why(path: Path, value: dict[str, JsonValue]) -> None:
    _loads_or_says_why(path, json.dumps(value))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated") / "config.json"


def _loads_or_says_why(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    try:
        name = load(path, {"KEY": "k"}).config.default_profile
    except ConfigError as exc:
        name = str(exc)
    assert name
