"""An archived scene goes on when its thread is opened again, by a message or by hand."""

import logging
from dataclasses import replace

import discord
from discord.ext import commands

from roleplay.errors import StorageError
from roleplay.scenes.store import SceneStore

log = logging.getLogger(__name__)


class SceneThreads(commands.Cog):
    """Discord archives quiet threads by itself: that says nothing of the scene."""

    def __init__(self, scenes: SceneStore) -> None:
        self._scenes = scenes

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        if payload.data["thread_metadata"]["archived"]:
            return
        try:
            scene = await self._scenes.scene(payload.thread_id)
            if scene and scene.state == "archived":
                await self._scenes.save(replace(scene, state="running"))
        except StorageError:
            log.exception("The scene of thread %d is still noted as archived", payload.thread_id)
