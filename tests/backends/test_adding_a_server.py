"""docs/adding-a-server.md: its two files, put where it says, are all that a new server needs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

FILES = ("backends/dialects/parlance.py", "tests/backends/dialects/test_parlance.py")

PACKAGES = ("backends", "bot", "roleplay", "storage", "tests/fakes")

CONTRACT = ("test_contract.py", "test_contract_errors.py", "test_contract_probes.py")


def test_the_example_passes_its_own_tests_and_the_suite_of_all(tmp_path: Path) -> None:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name)
    text = (ROOT / "docs" / "adding-a-server.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "tests/backends/dialects").mkdir(parents=True)
    for name, block in zip(FILES, blocks, strict=True):
        (tmp_path / name).write_text(block, encoding="utf-8")
    for name in ("pyproject.toml", "tests/conftest.py", "tests/backends/conftest.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in (*CONTRACT, "test_sampling.py"):
        shutil.copy(ROOT / "tests" / "backends" / name, tmp_path / "tests" / "backends")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "parlance"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed
    assert int(passed[1]) > 60
