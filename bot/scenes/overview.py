"""All that there is to know of a scene, as one answer."""

from collections.abc import Iterable
from dataclasses import dataclass

import discord

from bot.prompts.wording import quoted
from roleplay.memory.store import Memory
from roleplay.personas import Personas
from roleplay.phrases import say
from roleplay.prompting.settings import SettingsContributor
from roleplay.scene import Scene, Scenes
from roleplay.scenes.store import SceneState, SceneStore, StoredScene

NOTE = 500
"""Characters of the author's note that are shown: /note show has all of it."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Raises `StorageError`."""

    scenes: SceneStore
    rooms: Scenes
    notes: SettingsContributor
    personas: Personas
    memory: Memory

    async def told(self, scene: StoredScene, parent_id: int | None, user_id: int) -> str:
        channel_id = scene.channel_id
        room = await self.rooms.load(channel_id, parent_id, scene.guild_id)
        note = await self.notes.note(channel_id, parent_id)
        worn = await self.personas.worn(user_id, channel_id, parent_id)
        known = await self.memory.of(channel_id)
        lines = [
            f"**{discord.utils.escape_markdown(scene.title)}** ({state_name(scene.state)})",
            *_played(room),
            say("**Your persona:** {name}", name=worn.name if worn else say("your own name")),
            say("**Messages:** {count}", count=await self.scenes.count(channel_id)),
            say("**Summary:** yes, /memory show")
            if known.summary
            else say("**Summary:** none yet"),
            say("**Author's note:** none") if note is None else say("**Author's note:**"),
            *([quoted(note.text[:NOTE])] if note else []),
        ]
        return "\n".join(lines)[:2000]


def state_name(state: SceneState) -> str:
    return {"running": say("running"), "paused": say("paused"), "archived": say("archived")}[state]


def _played(room: Scene | None) -> Iterable[str]:
    if room is None:
        yield say("This channel is not bound: I am silent here.")
        return
    names = ", ".join(each.name for each in room.cast or (room.character,))
    yield say("**Characters:** {names}", names=discord.utils.escape_markdown(names))
    profile = room.profile
    yield say(
        "**Profile:** {profile} (set by the {source})",
        profile=profile.profile,
        source=profile.source,
    )
