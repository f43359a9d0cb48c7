from pathlib import Path

import pytest
from fakes.command_line import ROOT, Roleforge
from fakes.command_line import roleforge as process

from bot import __version__
from bot.cli import verbs


def test_an_unknown_verb_lists_the_known_ones(roleforge: Roleforge) -> None:
    ended = roleforge("chekc")
    assert ended.code == 2
    assert "'check'" in ended.err


def test_help_names_every_verb(roleforge: Roleforge) -> None:
    ended = roleforge("--help")
    assert ended.code == 0
    for verb in verbs():
        assert verb in [line.split()[0] for line in ended.out.splitlines() if line.strip()]


@pytest.mark.parametrize("verb", verbs())
def test_each_verb_explains_itself(verb: str, roleforge: Roleforge) -> None:
    ended = roleforge(verb, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"usage: roleforge {verb}")


def test_it_runs_as_a_process(tmp_path: Path) -> None:
    ended = process("--version", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"roleforge {__version__}\n"


def test_every_verb_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [verb for verb in verbs() if f"| `{verb}" not in manual] == []
