"""The pretend Discord server that the playground opens in."""

from dataclasses import dataclass
from typing import Any

from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.playground import webhooks
from bot.playground.preview import WallClock

HEARTH = "the-hearth"
BACK_ROOM = "back-room"
NOTICES = "notice-board"


@dataclass(frozen=True, slots=True)
class World:
    """One server, three channels, two people; the first of them owns the server."""

    env: Env
    guild: GuildHandle
    hearth: ChannelHandle
    back_room: ChannelHandle
    notices: ChannelHandle
    people: tuple[MemberActor, MemberActor]

    @property
    def channels(self) -> tuple[ChannelHandle, ...]:
        return self.hearth, self.back_room, self.notices

    async def furnish(self) -> None:
        """What the owner of a new server does first, with the bot's own commands."""
        owner = self.people[0]
        await owner.slash(self.hearth, "channel bind")
        await owner.slash(self.notices, "outages channel")


def build_world(env: Env, character: str) -> World:
    """Furnish an `Env` that has not started yet; `character` becomes the bot's name."""
    webhooks.install()
    backend: Any = env.backend
    backend.clock = WallClock()
    backend.bot_user.name = character
    backend.bot_user.avatar = "forge"
    ada = env.create_user("ada", global_name="Ada", avatar="ada")
    bram = env.create_user("bram", global_name="Bram", avatar="bram")
    guild = env.create_guild("The Tavern", owner=ada)
    return World(
        env,
        guild,
        guild.create_text_channel(HEARTH, topic="The character answers here. Say something!"),
        guild.create_text_channel(BACK_ROOM, topic="Nobody answers here yet: try /channel bind."),
        guild.create_text_channel(NOTICES, topic="Outages of the language model are told here."),
        (guild.add_member(ada), guild.add_member(bram)),
    )
