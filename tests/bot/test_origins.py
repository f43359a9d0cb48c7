"""/channel show names where every setting comes from."""

from pathlib import Path

from fakes.tavern import tavern


async def test_each_setting_names_who_decided_it(tmp_path: Path) -> None:
    chat = {"character": {"name": "Mira"}, "editInterval": 0.05, "wakeWords": ["mira"]}
    async with tavern(tmp_path, chat=chat) as at:
        shown = await at.command(at.owner, "channel show")
        settings = [line for line in shown.splitlines() if line.startswith("**")]
        assert len(settings) == 5
        assert all(line.endswith("(set by the config)") for line in settings)
        await at.command(at.owner, "channel mode", mode="mention", wake_words="hey")
        await at.command(at.owner, "channel when-down", choice="queue")
        shown = await at.command(at.owner, "channel show")
        assert "**Wake words:** hey (set by the channel)" in shown
        assert "wait until it is back (set by the channel)" in shown
        assert "wake words (set by the channel)" in shown
        assert "**Character:** Mira (set by the config)" in shown
