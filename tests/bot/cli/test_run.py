from pathlib import Path

from fakes.command_line import Roleforge


def test_no_verb_starts_the_bot_and_a_missing_token_ends_with_78_and_a_hint(
    folder: Path, roleforge: Roleforge
) -> None:
    (folder / "config.json").write_text('{"profiles": {"a": {"model": "m"}}}', encoding="utf-8")
    ended = roleforge()
    assert ended.code == 78
    assert "config.json: discord.token: is missing" in ended.err
    assert "Developer Portal" in ended.err


def test_options_without_a_verb_belong_to_it(roleforge: Roleforge) -> None:
    ended = roleforge("--config", "gone.json")
    assert ended.code == 78
    assert "gone.json: There is no such file." in ended.err
