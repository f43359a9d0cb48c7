"""What people get wrong in a config, and what they are told."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config.load import Loaded, load
from roleplay.errors import ConfigError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "support_matrix"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str) -> Path:
        path = tmp_path / "config.json"
        path.write_text(text, encoding="utf-8")
        return path

    return put


def loaded(path: Path, **environ: str) -> Loaded:
    return load(path, environ)


def told(path: Path, **environ: str) -> list[tuple[str, str, str]]:
    """Place, key and message of each problem."""
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return [(f"{p.line}:{p.column}", p.key, p.message) for p in caught.value.problems]


BROKEN: list[tuple[str, str, str, str, str]] = [
    ("empty file", "", "1:1", "", "empty"),
    ("only a comment", "// soon\n", "2:1", "", "empty"),
    ("unclosed object", '{\n  "profiles": {\n', "3:1", "", "ends too early"),
    ("missing comma", '{"profiles": {"a": {}}\n "health": {}}', "2:2", "", "comma or }"),
    ("no colon", '{"profiles" {}}', "1:13", "", "Expected :"),
    ("single quotes", "{'profiles': {}}", "1:2", "", "key in double quotes"),
    ("text without quotes", '{"profiles": {"a": {"model": llama2}}}', "1:30", "", "double quotes"),
    ("text that never ends", '{"profiles": {"a": {"model": "x}}}', "1:30", "", "no closing quote"),
    ("a line break in text", '{"defaultProfile": "a\n"}', "1:22", "", "line break"),
    ("a comment that never ends", '{"profiles": {} /* oh }', "1:17", "", "never ends"),
    ("Python's True", '{"health": {"enabled": True}}', "1:24", "", "Write true in small letters"),
    ("a bad escape", r'{"storage": {"folder": "C:\data"}}', "1:27", "", "Not an escape"),
    ("a number like .5", '{"profiles": {"a": {"maxRetries": .5}}}', "1:35", "", "Not a number"),
    ("not a number", '{"health": {"jitter": NaN}}', "1:23", "", "Expected a value"),
    ("two objects", '{"profiles": {"a": {}}}\n{}', "2:1", "", "goes on after its end"),
    ("a list at the top", "[]", "1:1", "", "Expected an object: { … }, not a list"),
    (
        "embeddings of nobody",
        '{"profiles": {"main": {}}, "memory": {"embeddings": "mian"}}',
        "1:53",
        "memory.embeddings",
        "no profile of this name",
    ),
    (
        "embeddings of a server that makes none",
        '{"profiles": {"a": {"type": "anthropic"}}, "memory": {"embeddings": "a"}}',
        "1:69",
        "memory.embeddings",
        "make no embeddings",
    ),
    ("no profiles", '{"discord": {}}', "1:1", "profiles", "needed"),
    ("empty profiles", '{"profiles": {}}', "1:14", "profiles", "may not be empty"),
    (
        "a key twice",
        '{"profiles": {"a": {"model": "x",\n "model": "y"}}}',
        "2:2",
        "profiles.a.model",
        "stands twice; first on line 1",
    ),
    (
        "a profile twice",
        '{"profiles": {"a": {},\n "a": {}}}',
        "2:2",
        "profiles.a",
        "stands twice",
    ),
    (
        "an unknown key",
        '{"profiles": {"a": {\n  "api_key": "x"}}}',
        "2:3",
        "profiles.a.api_key",
        'Did you mean "apiKey"?',
    ),
    (
        "an unknown section",
        '{"profiles": {"a": {}}, "discrod": {}}',
        "1:25",
        "discrod",
        'Did you mean "discord"?',
    ),
    (
        "an unknown sampler key",
        '{"profiles": {"a": {"sampler": {"temprature": 1}}}}',
        "1:33",
        "profiles.a.sampler.temprature",
        'Did you mean "temperature"?',
    ),
    (
        "a sampler key in the profile",
        '{"profiles": {"a": {"topP": 1}}}',
        "1:21",
        "profiles.a.topP",
        "belongs inside the sampler of a profile",
    ),
    (
        "a bare sampler",
        '{"profiles": {"a": {}}, "sampler": {"n": 1}}',
        "1:25",
        "sampler",
        "belongs inside an entry of profiles",
    ),
    (
        "a name inside a profile",
        '{"profiles": {"a": {"name": "b"}}}',
        "1:21",
        "profiles.a.name",
        "A profile's name is its key",
    ),
    (
        "an impossible profile name",
        '{"profiles": {"my profile": {}}}',
        "1:15",
        "profiles.my profile",
        "1 to 64 letters",
    ),
    (
        "text for a number",
        '{"profiles": {"a": {"sampler": {"n": "2"}}}}',
        "1:38",
        "profiles.a.sampler.n",
        "Expected a whole number, not text",
    ),
    (
        "a fraction for a count",
        '{"profiles": {"a": {"maxRetries": 1.5}}}',
        "1:35",
        "profiles.a.maxRetries",
        "not a number with a fraction",
    ),
    (
        "true for a number",
        '{"profiles": {"a": {"sampler": {"temperature": true}}}}',
        "1:48",
        "profiles.a.sampler.temperature",
        "Expected a number, not true or false",
    ),
    (
        "text for a list",
        '{"profiles": {"a": {"fallbackProfiles": "a"}}}',
        "1:41",
        "profiles.a.fallbackProfiles",
        "Expected a list: [ … ], not text",
    ),
    (
        "null for text",
        '{"profiles": {"a": {"model": null}}}',
        "1:30",
        "profiles.a.model",
        "Expected text in double quotes, not null",
    ),
    (
        "too hot",
        '{"profiles": {"a": {"sampler": {"temperature": 11}}}}',
        "1:48",
        "profiles.a.sampler.temperature",
        "at most 10",
    ),
    (
        "no time at all",
        '{"profiles": {"a": {}}, "health": {"interval": 0}}',
        "1:48",
        "health.interval",
        "above 0",
    ),
    (
        "an empty stop string",
        '{"profiles": {"a": {"sampler": {"stop": ["###", ""]}}}}',
        "1:49",
        "profiles.a.sampler.stop[1]",
        "may not be empty",
    ),
    (
        "an unknown template",
        '{"profiles": {"a": {"template": "chatlm"}}}',
        "1:33",
        "profiles.a.template",
        'Did you mean "chatml"?',
    ),
    (
        "an unknown type",
        '{"profiles": {"a": {"type": "opnai"}}}',
        "1:29",
        "profiles.a.type",
        'Did you mean "openai"?',
    ),
    (
        "an unknown default",
        '{"defaultProfile": "olama", "profiles": {"ollama": {}}}',
        "1:20",
        "defaultProfile",
        'Did you mean "ollama"?',
    ),
    (
        "an unknown fallback",
        '{"profiles": {"a": {"fallbackProfiles": ["bakup"]}, "backup": {}}}',
        "1:42",
        "profiles.a.fallbackProfiles[0]",
        'Did you mean "backup"?',
    ),
    (
        "a fallback twice",
        '{"profiles": {"a": {"fallbackProfiles": ["b", "b"]}, "b": {}}}',
        "1:47",
        "profiles.a.fallbackProfiles[1]",
        "listed twice",
    ),
    (
        "a fallback to itself",
        '{"profiles": {"a": {"fallbackProfiles": ["a"]}}}',
        "1:42",
        "profiles.a.fallbackProfiles[0]",
        "a → a",
    ),
    (
        "an address without a scheme",
        '{"profiles": {"a": {"baseURL": "localhost:11434/v1"}}}',
        "1:32",
        "profiles.a.baseURL",
        "Put http:// or https:// in front",
    ),
    (
        "an address with a bad port",
        '{"profiles": {"a": {"baseURL": "http://localhost:99999/v1"}}}',
        "1:32",
        "profiles.a.baseURL",
        "Not an address",
    ),
    (
        "a password in the address",
        '{"profiles": {"a": {"baseURL": "http://me:pw@localhost/v1"}}}',
        "1:32",
        "profiles.a.baseURL",
        "Put the key into apiKey",
    ),
    (
        "a key with a line break",
        '{"profiles": {"a": {"apiKey": "sk-1\\n2"}}}',
        "1:31",
        "profiles.a.apiKey",
        "no spaces, line breaks",
    ),
    (
        "a variable that is not set",
        '{"profiles": {"a": {"apiKey": "${OPENAI_API_KEY}"}}}',
        "1:31",
        "profiles.a.apiKey",
        "OPENAI_API_KEY is not set",
    ),
    (
        "a variable that is no name",
        '{"profiles": {"a": {"apiKey": "${OPENAI KEY}"}}}',
        "1:31",
        "profiles.a.apiKey",
        "Expected ${NAME} or ${NAME:-default}",
    ),
    (
        "a folder with a control character",
        '{"profiles": {"a": {}}, "storage": {"folder": "a\\u0000b"}}',
        "1:47",
        "storage.folder",
        "control characters",
    ),
    (
        "somebody else's home",
        '{"profiles": {"a": {}}, "storage": {"folder": "~ann/data"}}',
        "1:47",
        "storage.folder",
        "only your own",
    ),
    (
        "an id that is none",
        '{"profiles": {"a": {}}, "discord": {"devGuild": "my server"}}',
        "1:49",
        "discord.devGuild",
        "Expected a whole number, not text",
    ),
]


@pytest.mark.parametrize(
    ("text", "place", "key", "words"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_config_names_the_place(
    text: str, place: str, key: str, words: str, write: Write
) -> None:
    problems = told(write(text))
    assert [(p, k) for p, k, _ in problems] == [(place, key)]
    assert words in problems[0][2]


def test_all_problems_are_reported_together_in_the_order_of_the_file(write: Write) -> None:
    problems = told(
        write(
            """{
              "defaultProfile": "x",  // no such profile
              "profiles": {
                "a": { "type": "nope", "typo": 1, "fallbackProfiles": ["b", "gone"] },
                "b": { "apiKey": "${UNSET}", "fallbackProfiles": ["a"], "maxRetries": 99 },
                "b": { "apiKey": "${UNSET}", "fallbackProfiles": ["a"], "maxRetries": 99 }
              },
              "health": []
            }"""
        )
    )
    assert [key for _, key, _ in problems] == [
        "defaultProfile",
        "profiles.a.type",
        "profiles.a.typo",
        "profiles.a.fallbackProfiles[1]",
        "profiles.b",
        "profiles.b.apiKey",
        "profiles.b.fallbackProfiles[0]",
        "profiles.b.maxRetries",
        "health",
    ]
    assert "a → b → a" in problems[6][2]


def test_every_circle_is_named_once(write: Write) -> None:
    def profile(*names: str) -> dict[str, list[str]]:
        return {"fallbackProfiles": list(names)}

    profiles = {
        "a": profile("b", "c"),
        "b": profile("c"),
        "c": profile("a"),
        "d": profile("e"),
        "e": profile("d"),
    }
    problems = told(write(json.dumps({"profiles": profiles})))
    assert len(problems) == 2
    assert {key for _, key, _ in problems} == {
        "profiles.c.fallbackProfiles[0]",
        "profiles.e.fallbackProfiles[0]",
    }


def test_a_file_full_of_faults_tells_the_first_hundred(write: Write) -> None:
    profiles = {f"p{i}": {"fallbackProfiles": [f"x{i}"]} for i in range(500)}
    problems = told(write(json.dumps({"profiles": profiles})))
    assert len(problems) == 100
    assert problems[0][1] == "profiles.p0.fallbackProfiles[0]"


def test_a_long_circle_is_told_shortly(write: Write) -> None:
    profiles = {f"p{i}": {"fallbackProfiles": [f"p{(i + 1) % 50}"]} for i in range(50)}
    [(_, key, message)] = told(write(json.dumps({"profiles": profiles})))
    assert key == "profiles.p49.fallbackProfiles[0]"
    assert "p0 → p1 → p2" in message
    assert len(message) < 200


def test_no_message_shows_a_secret(write: Write) -> None:
    path = write(
        """{
          "profiles": {
            "a": { "apiKey": "sk-canary-one with space", "baseURL": "${URL}", "type": "${TYPE}" },
            "b": { "apiKey": ["sk-canary-two-long"], "sk-canary-three-long": 1,
                   "baseURL": "https://u:sk-canary-four@h/v1", "template": "${TYPE}" }
          },
          "defaultProfile": "${TYPE}",
          "discord": { "token": 7, "ownerIds": ["${TYPE}"] }
        }"""
    )
    with pytest.raises(ConfigError) as caught:
        load(path, {"URL": "sk-canary-five", "TYPE": "canary-six"})
    assert "canary" not in str(caught.value)
    assert "canary" not in repr(caught.value)
    assert len(caught.value.problems) == 10


@pytest.mark.parametrize("block", sorted(FIXTURES.glob("*.json")), ids=lambda path: path.stem)
def test_every_block_of_the_support_matrix_loads(block: Path, write: Write) -> None:
    text = block.read_text(encoding="utf-8")
    if re.match(r'\{\s*"sampler"', text):
        text = '{"profiles": {"any": ' + text + "}}"
    found = loaded(write(text), OPENAI_API_KEY="sk-from-the-environment")
    assert found.config.profiles
    assert found.config.default_profile in found.config.profiles


def test_the_support_matrix_has_nine_blocks() -> None:
    assert len(list(FIXTURES.glob("*.json"))) == 9


def test_the_documented_sampler_keys_arrive(write: Write) -> None:
    text = (FIXTURES / "06.json").read_text(encoding="utf-8")
    sampler = loaded(write('{"profiles": {"any": ' + text + "}}")).config.profiles["any"].sampler
    assert sampler.model_dump(exclude_unset=True) == {
        "temperature": 0.7,
        "top_p": 0.9,
        "top_k": 40,
        "max_completion_tokens": 400,
        "max_context_tokens": 2048,
        "frequency_penalty": 0.0,
        "presence_penalty": 0.0,
        "stop": ("User:", "###"),
        "n": 1,
        "force_json": False,
    }


def test_the_smallest_config_takes_its_first_profile_and_warns_of_no_model(write: Write) -> None:
    found = loaded(write('{"profiles": {"one": {}, "two": {"model": "m"}}}'))
    assert found.config.default_profile == "one"
    assert found.config.profiles["one"].name == "one"
    assert found.config.profiles["one"].type == "openai"
    assert found.config.discord.token is None
    assert [(note.key, note.line, note.column) for note in found.warnings] == [
        ("profiles.one", 1, 15)
    ]


def test_a_model_that_openai_shut_down_is_a_warning_there_and_nowhere_else(write: Write) -> None:
    found = loaded(
        write(
            """{"profiles": {
              "cloud": {"model": "gpt-4"},
              "clone": {"model": "gpt-4", "baseURL": "http://localhost:8000/v1"}
            }}"""
        )
    )
    assert [note.key for note in found.warnings] == ["profiles.cloud.model"]


def test_a_window_that_ollama_is_not_told_is_a_warning(write: Write) -> None:
    found = loaded(
        write(
            """{"profiles": {
              "v1": {"baseURL": "http://localhost:11434/v1", "model": "m",
                     "sampler": {"maxContextTokens": 8192}},
              "silent": {"baseURL": "http://localhost:11434/v1", "model": "m"},
              "native": {"type": "ollama", "model": "m", "sampler": {"maxContextTokens": 8192}}
            }}"""
        )
    )
    assert [note.key for note in found.warnings] == ["profiles.v1.sampler.maxContextTokens"]
    assert '"type": "ollama"' in found.warnings[0].message


def test_comments_a_byte_order_mark_and_a_last_comma_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(
        b'\xef\xbb\xbf// mine\r\n{/* here */"profiles": {"a": {"model": "//x"},},}\r\n'
    )
    assert loaded(path).config.profiles["a"].model == "//x"


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file") as caught:
        loaded(tmp_path / "config.json")
    assert "config.example.json" in caught.value.hint


def test_a_folder_or_binary_or_huge_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    binary, huge = tmp_path / "utf16.json", tmp_path / "huge.json"
    binary.write_text('{"profiles": {}}', encoding="utf-16")
    huge.write_bytes(b" " * (1024 * 1024 + 1))
    for path, words in ((tmp_path, "directory"), (binary, "UTF-8"), (huge, "1 MiB")):
        with pytest.raises(ConfigError, match=words):
            loaded(path)


def test_a_hundred_thousand_brackets_are_one_clear_error(write: Write) -> None:
    assert told(write("[" * 100_000)) == [
        ("1:66", told(write("[" * 66))[0][1], "Nested deeper than 64 levels.")
    ]


def test_ids_may_be_text(write: Write) -> None:
    found = loaded(
        write('{"profiles": {"a": {}}, "discord": {"ownerIds": ["123456789012345678", 5]}}')
    )
    assert found.config.discord.owner_ids == (123456789012345678, 5)


def test_the_data_folder_starts_at_the_config_file(write: Write) -> None:
    path = write('{"profiles": {"a": {}}}')
    assert loaded(path).data_folder == path.parent / "data"


def test_an_embedded_profile_needs_neither_address_nor_model(write: Write) -> None:
    config = loaded(write('{"profiles": {"small": {"type": "embedded"}}}'))
    assert config.config.profiles["small"].type == "embedded"
    assert config.warnings == ()


def test_the_type_auto_needs_an_address(write: Write) -> None:
    with pytest.raises(ConfigError, match="needs a baseURL"):
        loaded(write('{"profiles": {"any": {"type": "auto"}}}'))
    text = '{"profiles": {"any": {"type": "auto", "baseURL": "http://x", "model": "m"}}}'
    assert loaded(write(text)).warnings == ()


def test_a_retired_address_is_replaced_with_a_warning(write: Write) -> None:
    address = "https://api-inference.huggingface.co/models/owner/name"
    text = '{"profiles": {"hf": {"baseURL": "' + address + '"}}}'
    [warning] = loaded(write(text)).warnings
    assert warning.key == "profiles.hf.baseURL"
    assert "https://router.huggingface.co/v1" in warning.message
