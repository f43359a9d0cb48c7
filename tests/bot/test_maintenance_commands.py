"""/maintenance, and /outages test to all places, in the whole bot."""

from pathlib import Path

from fakes.llm import ScriptedLlm, fail
from fakes.tavern import tavern

from bot.maintenance_text import described
from roleplay.maintenance import Window


async def test_the_owner_plans_sees_and_unplans(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.app.client.owners = (at.owner.id,)
        told = await at.command(at.owner, "maintenance now", duration="2h", profile="main")
        assert told.startswith("Planned: 1: main · <t:")
        assert "for 2 h · now, until <t:" in told
        cron = {"duration": "1h", "cron": "0 4 * * 0", "zone": "Europe/Berlin"}
        told = await at.command(at.owner, "maintenance add", **cron, reason="*backups*")
        assert "`0 4 * * 0` Europe/Berlin for 1 h · next <t:" in told
        assert "\\*backups\\*" in told
        assert "🔧 planned maintenance until" in await at.panel(at.owner, "status")
        listed = await at.command(at.owner, "maintenance list")
        assert len(listed.splitlines()) == 2
        assert await at.command(at.owner, "maintenance remove", number=1) == (
            "It is planned no more."
        )
        assert "1: main" not in await at.command(at.owner, "maintenance list")
        assert "🔧" not in await at.panel(at.owner, "status")


async def test_what_cannot_be_planned_is_told_with_the_way_out(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "owner alone" in await at.command(at.owner, "maintenance list")
        at.app.client.owners = (at.owner.id,)
        add = "maintenance add"
        assert "either" in await at.command(at.owner, add, duration="1h")
        assert "Five fields" in await at.command(at.owner, add, duration="1h", cron="soon")
        assert "30m, 2h" in await at.command(at.owner, add, duration="long", cron="0 4 * * *")
        assert "2027-01-31" in await at.command(at.owner, add, duration="1h", start="soon")
        told = await at.command(at.owner, "maintenance now", duration="1h", profile="mian")
        assert "Did you mean “main”?" in told
        assert await at.command(at.owner, "maintenance list") == "Nothing is planned."


async def test_a_trial_goes_to_every_place(tmp_path: Path) -> None:
    async with ScriptedLlm() as receiver:
        receiver.otherwise = fail(204, "")
        health = {"enabled": False, "ownerDM": True, "webhook": f"{receiver.url}/hook"}
        async with tavern(tmp_path, health=health) as at:
            at.app.client.owners = (at.owner.id,)
            await at.command(at.owner, "outages channel", channel=at.back_room)
            told = await at.command(at.owner, "outages test")
            assert told.splitlines()[0] == f"Posted: <#{at.back_room.id}>."
            assert told.splitlines()[1] == f"Posted: direct messages of <@{at.owner.id}>."
            assert told.splitlines()[2] == "Posted: the webhook."
            [seen] = receiver.requests
            assert (seen.body["event"], seen.body["incidents"]) == ("test", [])


def test_a_window_to_choose_from_a_list_has_no_marks() -> None:
    window = Window(3, ("a", "b"), start=0.0, seconds=600, reason="disk")
    assert described(window, 60.0, plain=True) == (
        "3: a, b · 1970-01-01 00:00 UTC for 10 min · now, until 1970-01-01 00:10 UTC · disk"
    )
