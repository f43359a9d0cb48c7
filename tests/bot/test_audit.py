"""/audit as managers see it, and Undo."""

from pathlib import Path
from typing import Any

import pytest
import simcord
from fakes.tavern import Tavern, tavern


async def shown(at: Tavern, who: simcord.MemberActor) -> Any:
    result = await who.slash(at.hearth, "audit")
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None
    assert answer.ephemeral
    return answer


async def press(who: simcord.MemberActor, message: Any, label: str) -> str:
    result = await who.click(message, label=label)
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None
    return answer.content


async def test_a_change_is_shown_and_undone_after_a_restart(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "profile switch", name="backup")
        message = await shown(at, at.owner)
        assert f"<@{at.owner.id}> · channel <#{at.hearth.id}>" in message.content
        assert "profile: · → `backup`" in message.content
        await at.restart()
        assert "Undone" in await press(at.owner, message, "Undo 2")
        assert "main (set by the config)" in await at.command(at.owner, "channel show")
        again = await shown(at, at.owner)
        assert "profile: `backup` → ·" in again.content
        assert "(undone)" in again.content
        assert "undone already" in await press(at.owner, message, "Undo 2")


async def test_what_was_changed_again_is_not_undone(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "profile default", name="backup")
        message = await shown(at, at.owner)
        await at.command(at.owner, "profile default", name="main")
        assert "changed again" in await press(at.owner, message, "Undo 2")
        assert "main (set by the server)" in await at.command(at.owner, "channel show")


async def test_limits_and_bindings_can_be_taken_back(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        given = {"scope": "server", "what": "messages", "amount": 5.0, "per": "1h"}
        await at.command(at.owner, "limits set", **given)
        await at.command(at.owner, "limits clear", number=1)
        await at.command(at.owner, "channel unbind")
        message = await shown(at, at.owner)
        assert "Undone" in await press(at.owner, message, "Undo 3")
        assert "the server: 5 messages in 1h" in await at.command(at.owner, "limits show")
        assert "Undone" in await press(at.owner, message, "Undo 4")
        assert "Profile" in await at.command(at.owner, "channel show")


async def test_it_is_for_managers(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        commands = {command.name: command for command in at.app.client.tree.get_commands()}
        allowed = commands["audit"].default_permissions
        assert allowed is not None
        assert allowed.manage_guild
        with pytest.raises(simcord.SetupError, match="not visible"):
            await at.command(at.ann, "audit")


async def test_older_changes_are_a_page_away(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        for number in range(10):
            await at.command(at.owner, "channel mode", mode=["mention", "all"][number % 2])
        message = await shown(at, at.owner)
        assert "**1**" not in message.content
        assert "**1**" in await press(at.owner, message, "Older")
