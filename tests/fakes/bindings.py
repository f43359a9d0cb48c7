"""A memory for channel and server settings."""

from roleplay.bindings import ChannelBinding, GuildSettings


class MemoryBindings:
    """A `Bindings` in two dicts."""

    def __init__(self) -> None:
        self._channels: dict[int, ChannelBinding] = {}
        self._guilds: dict[int, GuildSettings] = {}

    async def channel(self, channel_id: int) -> ChannelBinding | None:
        return self._channels.get(channel_id)

    async def bind(self, binding: ChannelBinding) -> None:
        self._channels[binding.channel_id] = binding

    async def unbind(self, channel_id: int) -> bool:
        return self._channels.pop(channel_id, None) is not None

    async def channels(self, guild_id: int | None = None) -> list[ChannelBinding]:
        return [c for c in self._channels.values() if guild_id in (None, c.guild_id)]

    async def guild(self, guild_id: int) -> GuildSettings:
        return self._guilds.get(guild_id, GuildSettings(guild_id))

    async def save_guild(self, settings: GuildSettings) -> None:
        self._guilds[settings.guild_id] = settings

    async def guilds(self) -> list[GuildSettings]:
        return list(self._guilds.values())
