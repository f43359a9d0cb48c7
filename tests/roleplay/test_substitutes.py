"""Who answers instead is said once an outage and channel, over a real database."""

from pathlib import Path

from roleplay.bindings import Effective
from roleplay.characters.card import Card
from roleplay.chat import ChatReply
from roleplay.health import HealthState, Outcome
from roleplay.incidents import Incident
from roleplay.scene import Character, Scene
from roleplay.substitutes import Substitutes
from storage.open import Stores, open_stores

INCIDENT = Incident(1, "main", 1000.0, "timeout", "", "")


def scene(channel_id: int) -> Scene:
    mira = Character(0, Card("Mira"))
    return Scene(channel_id, mira, Effective("main", "config"), "all", (), guild_id=3)


def reply(profile: str) -> ChatReply:
    return ChatReply("Hello.", "stop", profile)


async def outage(stores: Stores) -> None:
    down = HealthState("main", "down", code="timeout")
    await stores.health.save(down, Outcome(1000.0, "failed", code="timeout"), "opened")


async def test_it_is_said_once_in_each_channel(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        await outage(stores)
        substitutes = Substitutes(stores.waiting, lambda _: INCIDENT)
        said = await substitutes.remark(scene(7), reply("backup"))
        assert said == ("Answered by `backup`: `main` is down since <t:1000:R>. This is said once.")
        assert await substitutes.remark(scene(7), reply("backup")) == ""
        assert await substitutes.remark(scene(8), reply("backup")) == said


async def test_nothing_is_said_of_the_profile_itself_or_without_an_outage(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        await outage(stores)
        assert not await Substitutes(stores.waiting, lambda _: INCIDENT).remark(
            scene(7), reply("main")
        )
        assert not await Substitutes(stores.waiting, lambda _: None).remark(
            scene(7), reply("backup")
        )
