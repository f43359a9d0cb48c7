"""The pretend Discord server that the playground opens in."""

from dataclasses import dataclass
from typing import Any

from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.playground import company, webhooks
from bot.playground.preview import WallClock

HEARTH = "the-hearth"
HARBOUR = "the-harbour"
BACK_ROOM = "back-room"
NOTICES = "notice-board"


@dataclass(frozen=True, slots=True)
class World:
    """One server, four channels, two people; the first of them owns the server."""

    env: Env
    guild: GuildHandle
    hearth: ChannelHandle
    harbour: ChannelHandle
    back_room: ChannelHandle
    notices: ChannelHandle
    people: tuple[MemberActor, MemberActor]

    @property
    def channels(self) -> tuple[ChannelHandle, ...]:
        return self.hearth, self.harbour, self.back_room, self.notices

    async def furnish(self) -> None:
        """What the owner of a new server does first, with the bot's own commands."""
        owner = self.people[0]
        await owner.slash(self.hearth, "channel bind")
        await owner.slash(self.notices, "outages channel")
        await self._people_the_harbour()

    async def _people_the_harbour(self) -> None:
        """Two characters with a lorebook, and a persona of the owner; the answers are put away."""
        owner, harbour = self.people[0], self.harbour
        await owner.slash(harbour, "channel bind")
        for name, file in company.CHARACTERS.items():
            await owner.slash(harbour, "character import", file=company.card(file))
            await owner.slash(harbour, "cast add", character=name)
        await owner.slash(harbour, "lorebook import", file=company.LOREBOOK, attach="channel")
        form = await owner.slash(harbour, "persona create")
        await owner.submit_modal(form, company.PERSONA)
        await owner.slash(harbour, "persona use", name=company.PERSONA["name"])
        await owner.slash(harbour, "greet")
        self._put_answers_away(harbour)

    def _put_answers_away(self, channel: ChannelHandle) -> None:
        backend: Any = self.env.backend
        for message in list(backend.messages[channel.id].values()):
            if message.is_ephemeral:
                backend.delete_message(channel.id, message.id)


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
        guild.create_text_channel(HARBOUR, topic="Isolde and Pip are here: call them by name."),
        guild.create_text_channel(BACK_ROOM, topic="Nobody answers here yet: try /channel bind."),
        guild.create_text_channel(NOTICES, topic="Outages of the language model are told here."),
        (guild.add_member(ada), guild.add_member(bram)),
    )
