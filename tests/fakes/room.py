"""A bound channel with a conversation in it: real storage, a scripted model, no Discord."""

from collections.abc import Sequence

from fakes.clock import VirtualClock
from fakes.speech import ListeningSpeaker, ScriptedBackend
from roleplay.characters.card import Card
from roleplay.chat import Attempt, ChatReply
from roleplay.conversation import Conversation
from roleplay.errors import BackendError
from roleplay.personas import Personas
from roleplay.prompting.assembler import Assembler
from roleplay.scene import Character, Scene, SceneDefaults, Scenes
from roleplay.stopping import StopSignal
from roleplay.transcript import IncomingMessage, StoredMessage
from roleplay.voices import Voices
from storage.open import Stores

CHANNEL, GUILD = 2, 3
HELLO = IncomingMessage(101, CHANNEL, GUILD, 4, "Ann", "Hello?", 1.0)

MIRA = Card("Mira", system_prompt="You are {{char}}.")


class Watching:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.profiles: list[str] = []

    def attempted(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)

    def answered(self, scene: Scene, messages: Sequence[StoredMessage], reply: ChatReply) -> None:
        del scene, messages
        self.profiles.append(reply.served_by)


class Room:
    """A bound channel with a conversation in it."""

    def __init__(
        self,
        stores: Stores,
        *answers: str | BackendError,
        voices: Voices | None = None,
        personas: Personas | None = None,
        card: Card = MIRA,
    ) -> None:
        self.stores = stores
        self.backend = ScriptedBackend(*answers)
        self.speaker = ListeningSpeaker()
        self.watcher = Watching()
        defaults = SceneDefaults("main", Character(0, card), "all", ())
        self.scenes = Scenes(stores.bindings, defaults)
        self.conversation = Conversation(
            transcript=stores.transcript,
            scenes=self.scenes,
            assembler=Assembler(clock=VirtualClock()),
            chains=self.backend,
            speaker=self.speaker,
            watcher=self.watcher,
            clock=VirtualClock(),
            voices=voices,
            personas=personas,
        )

    async def says(self, message: IncomingMessage) -> int:
        """The message is accepted and answered; the turn's id."""
        turn = await self.conversation.accept(message)
        assert turn is not None
        await self.conversation.take(turn.id, None, StopSignal())
        return turn.id

    async def history(self) -> list[tuple[str, str]]:
        recent = await self.stores.transcript.recent(CHANNEL, 50)
        return [(message.author_name, message.text) for message in recent]
