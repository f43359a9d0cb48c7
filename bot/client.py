"""The Discord client: intents and what it must not keep, nothing else."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import discord
from discord.ext import commands

from bot.tree import Tree


def intents() -> discord.Intents:
    """Guilds, their messages and what they say. Never members or presences."""
    return discord.Intents(
        guilds=True, guild_messages=True, message_content=True, guild_reactions=True
    )


class Client(commands.Bot):
    """History is in our own store, so nothing is cached here but servers and channels."""

    def __init__(
        self,
        setup: Callable[["Client"], Awaitable[None]],
        *,
        owners: Collection[int] = (),
        **options: Any,
    ) -> None:
        super().__init__(
            command_prefix=(),
            tree_cls=Tree,
            help_command=None,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            **options,
        )
        self._setup = setup
        self.owners = owners

    async def setup_hook(self) -> None:
        await self._setup(self)

    async def is_owner(self, user: discord.abc.User, /) -> bool:
        """The configured owners beside the application's own."""
        return user.id in self.owners or await super().is_owner(user)

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no text commands: the cogs listen for themselves."""
