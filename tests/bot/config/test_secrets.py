"""No secret of the models may be forgotten by `Loaded.secrets`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from bot.config.load import load
from bot.config.schema import schema

SECRETS = {
    "profiles": {"a": {"apiKey": "canary-key", "extraHeaders": {"X": "canary-header"}}},
    "discord": {"token": "canary-token"},
    "health": {"webhook": "https://canary.example/hook"},
}


def secret_keys(node: object) -> Iterator[str]:
    """Every key of the schema whose value is marked as a password."""
    if isinstance(node, dict):
        table = cast("dict[str, Any]", node)
        for key, value in table.get("properties", {}).items():
            if '"format": "password"' in str(value).replace("'", '"'):
                yield key
        for value in table.values():
            yield from secret_keys(value)


def test_every_password_of_the_schema_is_known(tmp_path: Path) -> None:
    assert set(secret_keys(schema())) == {"apiKey", "extraHeaders", "token", "webhook"}
    path = tmp_path / "config.json"
    path.write_text(str(SECRETS).replace("'", '"'), encoding="utf-8")
    assert load(path, {}).secrets == {
        *("canary-key", "canary-header", "canary-token"),
        "https://canary.example/hook",
    }
