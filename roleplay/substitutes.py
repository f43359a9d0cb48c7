"""People are told, once an outage, that another profile answers them."""

from collections.abc import Callable
from typing import Protocol

from roleplay.chat import ChatReply
from roleplay.incidents import Incident
from roleplay.phrases import say
from roleplay.scene import Scene


class ToldOfSubstitutes(Protocol):
    """Where it is kept which channel was told. Raises `StorageError`."""

    async def tell_of_substitute(
        self, incident_id: int, channel_id: int, guild_id: int | None
    ) -> bool:
        """Whether it is the first time; from now on it is not."""
        ...


class Substitutes:
    """`incident` gives the outage in which a profile is down, None while it is in none."""

    def __init__(self, told: ToldOfSubstitutes, incident: Callable[[str], Incident | None]) -> None:
        self._told = told
        self._incident = incident

    async def remark(self, scene: Scene, reply: ChatReply) -> str:
        """What to tell the channel after this reply; "" where there is nothing to tell.

        Raises:
            StorageError: nobody is told this time.
        """
        wanted = scene.profile.profile
        incident = self._incident(wanted)
        if reply.served_by in ("", wanted) or incident is None:
            return ""
        if not await self._told.tell_of_substitute(incident.id, scene.channel_id, scene.guild_id):
            return ""
        return say(
            "Answered by `{other}`: `{profile}` is down since <t:{at}:R>. This is said once.",
            other=reply.served_by,
            profile=wanted,
            at=int(incident.opened_at),
        )
