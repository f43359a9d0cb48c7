"""One turn, from the message a person wrote to the stored reply. Knows only ports."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from roleplay.attention import wants_reply
from roleplay.chat import Attempt, ChatReply, StreamEvent
from roleplay.continuing import going_on
from roleplay.errors import (
    AllProfilesFailed,
    BackendError,
    BudgetReached,
    RoleForgeError,
    Stopped,
)
from roleplay.greeting import CardGreetings, Greetings, recited
from roleplay.labels import without_label
from roleplay.ownership import Nobody, Ownership
from roleplay.personas import Faces, Personas, present
from roleplay.phrases import say
from roleplay.ports import Backend, Clock
from roleplay.prompt import Prompt
from roleplay.prompting.assembler import HISTORY_LIMIT, Assembler
from roleplay.prompting.build import Assembled
from roleplay.prompting.forgetting import Forgetting
from roleplay.purse import TurnPurse
from roleplay.rounds import CUT_OFF, Direction, Solo
from roleplay.scene import Scene, Scenes
from roleplay.stopping import StopSignal, stoppable
from roleplay.substitutes import Substitutes
from roleplay.swipes import FIRST, Swipe, swipe_of
from roleplay.transcript import IncomingMessage, Part, StoredMessage, Transcript, Turn
from roleplay.voices import OwnVoice, Voice, Voices
from roleplay.waiting import Patience

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply as it stands in Discord."""

    parts: tuple[Part, ...]
    reply: ChatReply


class Speaker(Protocol):
    """Says in the channel what the turn brings. Raises `RoleForgeError` when Discord refuses."""

    async def speak(
        self,
        turn: Turn,
        events: AsyncIterator[StreamEvent],
        posted: Callable[[int], Awaitable[None]],
        voice: Voice | None = None,
        swipe: Swipe = FIRST,
    ) -> Spoken:
        """Write the reply while it comes; `posted` is told each new Discord message at once.

        Without a `voice` the bot speaks under its own name. `swipe` is the variant that it becomes;
        the reply is the whole of it.
        """
        ...

    async def apologise(self, turn: Turn, error: RoleForgeError) -> None:
        """One out-of-character line with a way to try again."""
        ...

    async def unsay(self, turn: Turn) -> None:
        """Remove the turn's posted messages."""
        ...

    async def remark(self, turn: Turn, text: str) -> None:
        """One out-of-character line below the reply."""
        ...

    async def offer_again(self, turn: Turn, posted: Callable[[int], Awaitable[None]]) -> None:
        """The same for a turn that an earlier end of the program cut off.

        `posted` is told of messages of the reply that are found in Discord and not in the turn.
        """
        ...


class Chains(Protocol):
    """Where answers come from."""

    def chain(self, name: str) -> Backend: ...

    def alone(self, name: str) -> Backend:
        """The same without fallbacks."""
        ...

    def deadline_seconds(self, name: str) -> float: ...


class Watcher(Protocol):
    """Learns from real traffic. Must not raise and must not wait."""

    def attempted(self, attempt: Attempt) -> None: ...

    def answered(
        self, scene: Scene, messages: Sequence[StoredMessage], reply: ChatReply
    ) -> None: ...


class Conversation:
    """Accepts messages and runs turns. Order within a channel is the caller's business."""

    def __init__(
        self,
        *,
        transcript: Transcript,
        scenes: Scenes,
        assembler: Assembler,
        chains: Chains,
        speaker: Speaker,
        watcher: Watcher,
        clock: Clock,
        voices: Voices | None = None,
        personas: Personas | None = None,
        ownership: Ownership | None = None,
        greetings: Greetings | None = None,
        direction: Direction | None = None,
        forgetting: Forgetting | None = None,
        substitutes: Substitutes | None = None,
        patience: Patience | None = None,
        purse: TurnPurse | None = None,
    ) -> None:
        self._transcript = transcript
        self._scenes = scenes
        self._assembler = assembler
        self._chains = chains
        self._speaker = speaker
        self._watcher = watcher
        self._clock = clock
        self._voices = voices or OwnVoice()
        self._personas = personas or Faces()
        self._ownership = ownership or Nobody()
        self._greetings = greetings or CardGreetings(clock)
        self._direction = direction or Solo()
        self._forgetting = forgetting
        self._substitutes = substitutes
        self._patience = patience
        self._purse = purse

    async def accept(self, message: IncomingMessage, *, late: bool = False) -> Turn | None:
        """Store what was said; the turn that will answer it, None where none is wanted.

        A message that is heard too `late` for an answer is only remembered.

        Raises:
            StorageError: nothing was stored.
        """
        scene = await self._scenes.load(
            message.channel_id, message.parent_channel_id, message.guild_id
        )
        if scene is None:
            return None
        asides = self._scenes.defaults.asides
        if asides.is_aside(message.text):
            message = await self._as_persona(message)
            return await self._transcript.accept(message, wants_reply=False, out_of_character=True)
        message = await self._addressed(replace(message, text=asides.cut(message.text)))
        wanted = not late and wants_reply(
            message, scene.mode, scene.wake_words, scene.order, scene.called_by
        )
        message = await self._as_persona(message)
        return await self._transcript.accept(message, wants_reply=wanted)

    async def edit(self, discord_id: int, text: str) -> bool:
        """A person changed what they wrote; False when it is not known. Raises `StorageError`."""
        asides = self._scenes.defaults.asides
        aside = asides.is_aside(text)
        seen = text if aside else asides.cut(text)
        return await self._transcript.edit(discord_id, seen, out_of_character=aside)

    async def stand_in(self, original_id: int, message: IncomingMessage) -> bool:
        """A message repeats another and takes its place; False when that is not known.

        Raises:
            StorageError: all is as it was.
        """
        asides = self._scenes.defaults.asides
        aside = asides.is_aside(message.text)
        seen = message if aside else replace(message, text=asides.cut(message.text))
        return await self._transcript.stand_in(original_id, seen, out_of_character=aside)

    async def _as_persona(self, message: IncomingMessage) -> IncomingMessage:
        """A proxy has named its person already."""
        if message.proxied:
            return message
        worn = await self._personas.worn(
            message.author_id, message.channel_id, message.parent_channel_id
        )
        return replace(message, author_name=worn.name) if worn else message

    async def _addressed(self, message: IncomingMessage) -> IncomingMessage:
        """Whose words it visibly answers, if a character's."""
        if message.replies_to is None:
            return message
        answered = await self._ownership.behind(message.replies_to)
        if answered is None or answered.channel_id != message.channel_id:
            return message
        return replace(message, replies_to_bot=True, addressed_character_id=answered.character_id)

    async def take(self, turn_id: int, parent_id: int | None, stop: StopSignal) -> tuple[Turn, ...]:
        """Run one accepted turn to its end; a turn that is not `accepted` is left alone.

        Returns the channel's turns that wait because of it, and come next.

        Raises:
            StorageError: the turn stays as it is stored and is offered again after a restart.
        """
        turn = await self._transcript.start(turn_id)
        if turn is None:
            return ()
        following: tuple[Turn, ...] = ()
        try:
            following = await self._answer(turn, parent_id, stop)
        except Stopped:
            await self._transcript.fail(turn.id, "interrupted", "stopped", "")
        except RoleForgeError as error:
            await self._failed(turn, parent_id, error)
            await self._direction.hold(turn)
        if stop.traceless:
            await self.unsay(turn.id)
        if stop.requested:
            await self._direction.stop(turn)
            return ()
        return following

    async def unsay(self, turn_id: int) -> None:
        """Take back what was shown of a reply, in Discord and in the transcript."""
        turn = await self._transcript.turn(turn_id)
        if turn is None or not turn.posted:
            return
        await self._transcript.delete(turn.posted)
        try:
            await self._speaker.unsay(turn)
        except RoleForgeError as error:
            log.warning("A reply in channel %d stays: %s", turn.channel_id, error)

    async def recover(self) -> None:
        """Offer again every turn that the last end of the program cut off.

        Of a round the first one is offered: its next try brings the others. A turn that cannot be
        offered now is offered after the next start.
        """
        offered: set[tuple[int, int]] = set()
        for turn in await self._transcript.unfinished():
            trigger = (turn.channel_id, turn.trigger_discord_id)
            if trigger in offered or await self._offer(turn):
                offered.add(trigger)
                await self._transcript.fail(turn.id, "interrupted", CUT_OFF, "")

    async def _offer(self, turn: Turn) -> bool:
        try:
            await self._speaker.offer_again(turn, self._remember(turn))
        except RoleForgeError as error:
            log.warning("Turn %d cannot be offered again: %s", turn.id, error)
            return False
        return True

    async def _answer(
        self, turn: Turn, parent_id: int | None, stop: StopSignal
    ) -> tuple[Turn, ...]:
        scene = await self._scenes.load(turn.channel_id, parent_id, turn.guild_id)
        if scene is None:
            await self._transcript.fail(turn.id, "interrupted", "unbound", "")
            return ()
        opening = await self._direction.open(turn, scene)
        if opening is None:
            await self._transcript.fail(turn.id, "interrupted", "nobody", "")
            return ()
        scene = opening.scene
        if turn.kind == "greeting" and not turn.continues:
            await self._greet(turn, scene, parent_id)
            return opening.queued
        history = await self._transcript.recent(turn.channel_id, HISTORY_LIMIT, before_turn=turn.id)
        scene = replace(scene, personas=await present(self._personas, history))
        assembled = await self._assembler.assemble(scene, history, turn)
        standing = await self._transcript.reply(turn.id) if turn.posted else None
        speaker, swipe = assembled.speaker, swipe_of(turn, standing)
        prompt = going_on(assembled.prompt, swipe.begun) if swipe.begun else assembled.prompt
        source = self._events(turn, scene, prompt, stop)
        async with aclosing(source), aclosing(without_label(source, assembled.labels)) as events:
            voice = await self._voices.of(speaker)
            spoken = await self._speaker.speak(turn, events, self._remember(turn), voice, swipe)
        if stop.traceless:
            raise Stopped(say("The reply was withdrawn."))
        reply = replace(spoken.reply, text=spoken.reply.text.strip())
        await self._transcript.finish(
            turn.id,
            reply,
            spoken.parts,
            by=speaker.name,
            character_id=speaker.id,
        )
        self._watcher.answered(scene, history, reply)
        await self._remark(turn, scene, assembled, reply)
        return opening.queued or await self._direction.close(turn, scene, reply.text)

    async def _remark(
        self, turn: Turn, scene: Scene, assembled: Assembled, reply: ChatReply
    ) -> None:
        """Told below a reply, each once: who answered instead, and what is forgotten."""
        try:
            if self._substitutes and (text := await self._substitutes.remark(scene, reply)):
                await self._speaker.remark(turn, text)
            if self._forgetting and (text := await self._forgetting.remark(turn, assembled, reply)):
                await self._speaker.remark(turn, text)
        except RoleForgeError as error:
            log.warning("Channel %d was not told all of a reply: %s", turn.channel_id, error)

    async def _greet(self, turn: Turn, scene: Scene, parent_id: int | None) -> None:
        worn = await self._personas.worn(turn.requested_by, turn.channel_id, parent_id)
        texts = self._greetings.of(scene, scene.character, worn.name if worn else "")
        if not texts:
            await self._transcript.fail(turn.id, "interrupted", "no_greeting", "")
            return
        voice = await self._voices.of(scene.character)
        swipe = Swipe(min(turn.choice, len(texts) - 1), len(texts), turn.kind)
        words = recited(texts[swipe.number])
        spoken = await self._speaker.speak(turn, words, self._remember(turn), voice, swipe)
        await self._transcript.greet(
            turn.id,
            texts,
            spoken.parts,
            by=scene.character.name,
            character_id=scene.character.id,
        )

    async def _events(
        self, turn: Turn, scene: Scene, prompt: Prompt, stop: StopSignal
    ) -> AsyncGenerator[StreamEvent, None]:
        profile = scene.profile.profile
        deadline = self._clock.monotonic() + self._chains.deadline_seconds(profile)
        queued = scene.when_down == "queue"
        chain = self._chains.alone(profile) if queued else self._chains.chain(profile)
        source = chain.stream(prompt, deadline)
        if self._purse:
            source = self._purse.turn(turn, scene, prompt, source)
        async with aclosing(stoppable(source, stop)) as events:
            async for event in events:
                if isinstance(event, Attempt):
                    self._watcher.attempted(event)
                yield event

    def _remember(self, turn: Turn) -> Callable[[int], Awaitable[None]]:
        async def posted(discord_id: int) -> None:
            await self._transcript.posted(turn.id, discord_id)

        return posted

    async def _failed(self, turn: Turn, parent_id: int | None, error: RoleForgeError) -> None:
        code = error.code if isinstance(error, BackendError) else "cannot_speak"
        detail = explain(error)
        log.warning("Turn %d in channel %d failed: %s", turn.id, turn.channel_id, detail)
        await self._transcript.fail(turn.id, "failed", code, detail)
        if isinstance(error, BudgetReached) and error.quiet:
            return
        try:
            if self._patience and await self._patience.hold(turn, parent_id, error):
                return
            await self._speaker.apologise(turn, error)
        except RoleForgeError as unsaid:
            log.warning("Nothing could be said in channel %d: %s", turn.channel_id, unsaid)


def explain(error: RoleForgeError) -> str:
    """Each cause on a line of its own, with its hint: for the admin, not for the channel."""
    causes = error.causes if isinstance(error, AllProfilesFailed) else (error,)
    return "\n".join(_cause(cause) for cause in causes)


def _cause(error: RoleForgeError) -> str:
    where = f"{error.profile}: " if isinstance(error, BackendError) and error.profile else ""
    return f"{where}{error} {error.hint}".strip()
