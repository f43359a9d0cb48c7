"""docs/configuration.md names every key, no other, and the real defaults."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config.health import CompletionSection, HealthSection, MaintenanceSection
from bot.config.load import load
from bot.config.models import (
    CharacterSection,
    ChatSection,
    Config,
    DiscordSection,
    MemorySection,
    PromptSection,
    StorageSection,
)
from bot.config.validate import NOT_KEYS
from roleplay.profiles import CLOUD, LOCAL, ConnectionProfile, Price, Timeouts
from roleplay.sampler import Sampler

TEXT = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")

SECTIONS: dict[str, type[BaseModel]] = {
    "Top level": Config,
    "`profiles.*`": ConnectionProfile,
    "`profiles.*.sampler`": Sampler,
    "`profiles.*.timeouts`": Timeouts,
    "`profiles.*.price`": Price,
    "`discord`": DiscordSection,
    "`storage`": StorageSection,
    "`health`": HealthSection,
    "`health.completion`": CompletionSection,
    "`health.maintenance`": MaintenanceSection,
    "`chat`": ChatSection,
    "`chat.character`": CharacterSection,
    "`chat.prompt`": PromptSection,
    "`memory`": MemorySection,
}


def rows(title: str) -> dict[str, list[str]]:
    """The other cells of each row of a section's table, by key."""
    section = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {line[0].strip(" `"): [cell.strip() for cell in line[1:]] for line in lines}


@pytest.mark.parametrize(("title", "model"), SECTIONS.items(), ids=SECTIONS)
def test_every_key_is_explained_and_no_other(title: str, model: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in model.model_fields.items()}
    hidden = NOT_KEYS if model is ConnectionProfile else frozenset[str]()
    assert set(rows(title)) == keys - hidden


@pytest.mark.parametrize(("title", "model"), SECTIONS.items(), ids=SECTIONS)
def test_the_defaults_are_the_real_ones(title: str, model: type[BaseModel]) -> None:
    documented = rows(title)
    for name, field in model.model_fields.items():
        cell = documented.get(field.alias or name, ["", ""])[1]
        if cell.startswith("`"):
            documented_default = json.dumps(json.loads(cell.strip("`")))
            assert documented_default == json.dumps(field.default), name


def test_the_time_limits_are_the_real_ones() -> None:
    for name, field in Timeouts.model_fields.items():
        cell = rows("`profiles.*.timeouts`")[field.alias or name][1]
        assert cell == f"{getattr(CLOUD, name):g}, local {getattr(LOCAL, name):g}"


def test_the_config_in_the_text_loads(tmp_path: Path) -> None:
    [block] = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "config.json"
    path.write_text(block, encoding="utf-8")
    assert load(path, {}).warnings == ()
