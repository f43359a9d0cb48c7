"""What a new config changes in the running bot."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fakes.tavern import Tavern, tavern


async def change(folder: Path, at: Tavern, **sections: Mapping[str, Any] | str) -> None:
    """Write the sections into the file, and let the bot notice it."""
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | sections), "utf-8")
    at.app.reloading.wake()
    await at.app.reloading.look()


async def test_the_next_message_meets_the_new_character_and_the_new_default(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        chat = {"character": {"name": "Bram", "prompt": "You are {{char}}, a smith."}}
        await change(tmp_path, at, chat=chat, defaultProfile="backup")
        at.backup.say("Well met.")
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert "You are Bram, a smith." in str(at.backup.requests[0].body["messages"])
        assert "**Profile:** backup (set by the config)" in await at.command(
            at.owner, "channel show"
        )


async def test_a_character_that_loses_its_name_has_the_bots(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await change(tmp_path, at, chat={})
        user = at.app.client.user
        assert user
        assert f"**Character:** {user.display_name}" in await at.command(at.owner, "channel show")


async def test_a_new_profile_is_probed_at_once_and_a_removed_one_forgotten(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        profiles = {"main": {"baseURL": at.llm.url}, "fresh": {"baseURL": at.backup.url}}
        await change(tmp_path, at, profiles=profiles, health={"enabled": True, "jitter": 0})
        await at.until(lambda: bool(at.backup.asides))
        offered = await at.owner.autocomplete(at.hearth, "profile switch", "name", "")
        assert [choice["value"] for choice in offered] == ["fresh", "main"]
        text = await at.panel(at.owner, "status")
        assert "backup" not in text
        assert "fresh" in text


async def test_managers_see_that_the_file_has_a_fault_and_players_do_not(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        (tmp_path / "config.json").write_text("{", "utf-8")
        at.app.reloading.wake()
        await at.app.reloading.look()
        for who, told in ((at.owner, True), (at.ann, False)):
            assert ("has a fault" in await at.panel(who, "status")) is told
        at.llm.say("Still here.")
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert at.said(at.hearth)[-1] == "Still here."
