from pathlib import Path

import pytest

from bot.config.load import Loaded, load
from roleplay.errors import ConfigError


def write(folder: Path, key: str) -> Path:
    path = folder / "config.json"
    path.write_text('{"profiles": {"a": {"apiKey": "' + key + '"}}}', encoding="utf-8")
    return path


def key_of(found: Loaded) -> str | None:
    key = found.config.profiles["a"].api_key
    return key.get_secret_value() if key else None


ROWS: list[tuple[str, str, dict[str, str], str | None]] = [
    ("set", "${KEY}", {"KEY": "k"}, "k"),
    ("within text", "pre-${KEY}-${OTHER}", {"KEY": "k", "OTHER": "o"}, "pre-k-o"),
    ("a default", "${KEY:-none}", {}, "none"),
    ("a default for an empty one", "${KEY:-none}", {"KEY": ""}, "none"),
    ("set beside a default", "${KEY:-none}", {"KEY": "k"}, "k"),
    ("an empty default is no key", "${KEY:-}", {}, None),
    ("a value is not read again", "${KEY}", {"KEY": "${OTHER}", "OTHER": "o"}, "${OTHER}"),
    ("a plain dollar sign", "a$b$$c$KEY", {"KEY": "k"}, "a$b$$c$KEY"),
    ("two dollar signs keep the braces", "$${KEY}", {"KEY": "k"}, "${KEY}"),
    ("an open brace", "${KEY", {"KEY": "k"}, "${KEY"),
]


@pytest.mark.parametrize(
    ("text", "environ", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_variables(
    text: str, environ: dict[str, str], expected: str | None, tmp_path: Path
) -> None:
    assert key_of(load(write(tmp_path, text), environ)) == expected


def test_a_secret_is_read_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("k\n", encoding="utf-8")
    found = load(write(tmp_path, "${KEY}"), {"KEY_FILE": "secret"})
    assert key_of(found) == "k"
    assert found.sources == (tmp_path / "config.json", tmp_path / "secret")
    assert found.secrets == {"k"}


def test_the_variable_itself_wins_over_its_file(tmp_path: Path) -> None:
    assert key_of(load(write(tmp_path, "${KEY}"), {"KEY": "k", "KEY_FILE": "gone"})) == "k"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no such file"), (b"\xff\xfe", "UTF-8"), (b"", "empty"), (b"x" * 70_000, "64 KiB")],
)
def test_a_secret_file_that_cannot_be_used_is_named_even_where_a_default_stands(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigError, match=f"profiles.a.apiKey: KEY_FILE names .*{words}"):
        load(write(tmp_path, "${KEY:-none}"), {"KEY_FILE": "secret"})


def test_a_dotenv_beside_the_config_fills_in_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nexport KEY='from-$file'\nOTHER=o\n", encoding="utf-8")
    path = write(tmp_path, "${KEY}")
    assert key_of(load(path, {})) == "from-$file"
    assert key_of(load(path, {"KEY": "k"})) == "k"
    assert load(path, {}).sources == (path, tmp_path / ".env")


def test_a_dotenv_line_that_is_not_read_is_a_warning_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY=k\nOTHER='no end\n", encoding="utf-8")
    [_, warning] = sorted(load(write(tmp_path, "${KEY}"), {}).warnings, key=lambda w: w.file[::-1])
    assert (warning.file, warning.line) == (str(tmp_path / ".env"), 2)


def test_an_empty_variable_is_told_apart_from_a_missing_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="KEY is set but empty"):
        load(write(tmp_path, "${KEY}"), {"KEY": ""})


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="KEY is not UTF-8 text"):
        load(write(tmp_path, "${KEY}"), {"KEY": "\udcff"})


def test_a_variable_may_stand_for_a_number_or_a_truth_value(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(
        """{"profiles": {"a": {"model": "${N}", "sampler": {"n": "${N}", "temperature": "${T}"}}},
            "health": {"enabled": "${ON:-false}"}}""",
        encoding="utf-8",
    )
    config = load(path, {"N": "2", "T": "0.5"}).config
    assert config.profiles["a"].model == "2"
    assert config.profiles["a"].sampler.n == 2
    assert config.profiles["a"].sampler.temperature == 0.5
    assert not config.health.enabled


def test_a_variable_that_spells_no_number_is_placed_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"profiles": {"a": {"maxRetries": "${N}"}}}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r":1:35: profiles\.a\.maxRetries: Expected a whole") as e:
        load(path, {"N": "canary"})
    assert "canary" not in str(e.value)
