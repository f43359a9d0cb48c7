import json
from pathlib import Path

from fakes.command_line import Roleforge
from fakes.presets import as_file, context, instruct, text_completion


def test_every_key_is_told(folder: Path, roleforge: Roleforge) -> None:
    (folder / "Warm.json").write_bytes(as_file(text_completion()))
    shown = roleforge("preset", "show", "Warm.json")
    assert shown.code == 0
    assert shown.out.startswith("Warm: sampler\n")
    assert "smoothing_factor" in shown.out
    told = json.loads(roleforge("preset", "show", "Warm.json", "--json").out)
    assert (told["ok"], told["sampler"]["minP"]) == (True, 0.1)
    assert [each["key"] for each in told["keys"]] == list(text_completion())


def test_what_belongs_into_the_config_is_printed_and_nothing_changed(
    folder: Path, roleforge: Roleforge
) -> None:
    master = {"instruct": instruct(), "context": context(), "preset": {"temp": 0.7}}
    (folder / "all.json").write_bytes(as_file(master))
    printed = roleforge("preset", "import", "all.json", "--profile", "local")
    assert json.loads(printed.out) == {
        "profiles": {
            "local": {"mode": "text", "template": "all.json", "sampler": {"temperature": 0.7}}
        }
    }
    assert "/preset import" in printed.err
    assert [each.name for each in folder.iterdir()] == ["all.json"]


def test_a_file_that_is_no_preset_ends_with_65(folder: Path, roleforge: Roleforge) -> None:
    (folder / "x.json").write_text("{}", "utf-8")
    ended = roleforge("preset", "show", "x.json")
    assert ended.code == 65
    assert "no preset of SillyTavern" in ended.err
    assert "cannot be read" in roleforge("preset", "show", "gone.json").err
