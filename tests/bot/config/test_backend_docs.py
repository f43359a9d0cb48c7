"""Every page about a kind of server shows a config that loads."""

import re
from pathlib import Path

import pytest

from backends.dialects import every
from bot.config.load import load
from bot.config.servers import addresses

DOCS = Path(__file__).parents[3] / "docs"

PAGES = sorted((DOCS / "backends").glob("*.md"))

CLOUD_KEYS = re.compile(r"\$\{(\w+)\}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_load_without_a_warning(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"```json\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        path = tmp_path / "config.json"
        path.write_text(block, encoding="utf-8")
        loaded = load(path, dict.fromkeys(CLOUD_KEYS.findall(block), "made-up"))
        assert [note.message for note in loaded.warnings if "No model" not in note.message] == []
        assert {profile.type for profile in loaded.config.profiles.values()} <= set(addresses())


@pytest.mark.parametrize("name", sorted(every()))
def test_every_kind_of_server_has_a_page_with_an_example(name: str) -> None:
    assert f'"type": "{name}"' in (DOCS / "backends" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_is_in_the_table(page: Path) -> None:
    assert f"(backends/{page.name})" in (DOCS / "backends.md").read_text(encoding="utf-8")


def test_the_tests_that_the_table_names_are_there() -> None:
    table = (DOCS / "backends.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(tests/[\w/]+\.py)`", table):
        assert (DOCS.parent / name).is_file(), name
