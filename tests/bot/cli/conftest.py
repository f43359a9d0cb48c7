import logging
from collections.abc import Generator
from pathlib import Path

import pytest
from fakes.command_line import Ended, Roleforge

from bot import logs
from bot.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the verbs, empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROLEFORGE_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def roleforge(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Generator[Roleforge]:
    """Runs verbs in this process, which is much faster than one of their own."""
    del folder
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def run(*words: str, **environ: str) -> Ended:
        with monkeypatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            try:
                code = main(words)
            except SystemExit as exc:
                code = int(exc.code or 0)
        written = capsys.readouterr()
        return Ended(code, written.out, written.err)

    yield run
    root.handlers[:], root.level = before
    for name in logs.PINNED:
        logging.getLogger(name).setLevel(logging.NOTSET)
