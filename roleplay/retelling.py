"""Another variant of a reply in the place of the one that stands. Nothing is written anew."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from roleplay.conversation import Speaker, Spoken
from roleplay.greeting import recited
from roleplay.scene import Scenes
from roleplay.swipes import Swipe, after_dropping
from roleplay.transcript import StoredReply, Transcript, Turn
from roleplay.voices import Voices


@dataclass(frozen=True, slots=True)
class Retelling:
    """Shows variants. Discord is changed first: what it refuses leaves everything as it was.

    Raises `RoleForgeError`.
    """

    transcript: Transcript
    scenes: Scenes
    speaker: Speaker
    voices: Voices

    async def show(self, reply: StoredReply, number: int, parent_id: int | None) -> None:
        """Let another variant stand."""
        swipe = Swipe(number, reply.count, reply.kind)
        spoken = await self._say(reply, number, swipe, parent_id)
        if spoken:
            await self.transcript.choose(reply.turn_id, number, spoken.parts)

    async def drop(self, reply: StoredReply, parent_id: int | None) -> bool:
        """Delete the variant that stands and show its neighbour; False: there is no other."""
        neighbour = after_dropping(reply)
        if neighbour is None:
            return False
        swipe = Swipe(max(0, reply.number - 1), reply.count - 1, reply.kind)
        spoken = await self._say(reply, neighbour, swipe, parent_id)
        return spoken is not None and await self.transcript.drop_variant(
            reply.turn_id, spoken.parts
        )

    async def _say(
        self, reply: StoredReply, number: int, swipe: Swipe, parent_id: int | None
    ) -> Spoken | None:
        turn = await self.transcript.turn(reply.turn_id)
        text = await self.transcript.variant(reply.turn_id, number)
        if turn is None or text is None:
            return None
        scene = await self.scenes.load(turn.channel_id, parent_id, turn.guild_id)
        voice = await self.voices.of(scene.character) if scene else None
        return await self.speaker.speak(turn, recited(text), self._remember(turn), voice, swipe)

    def _remember(self, turn: Turn) -> Callable[[int], Awaitable[None]]:
        async def posted(discord_id: int) -> None:
            await self.transcript.posted(turn.id, discord_id)

        return posted
