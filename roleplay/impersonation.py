"""A person's next message, written by the model for them to look at first."""

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from roleplay.chat import Attempt, ChatReply, StreamEvent
from roleplay.collect import Collector
from roleplay.conversation import Chains
from roleplay.errors import EmptyReply, StorageError
from roleplay.labels import without_label
from roleplay.personas import Personas, present
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.prompting.assembler import HISTORY_LIMIT, Assembler
from roleplay.purse import TurnPurse
from roleplay.scene import Scenes
from roleplay.transcript import Transcript, Turn
from roleplay.usage import Kind

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Learns from requests. Returns at once and never raises."""

    def attempted(self, attempt: Attempt) -> None: ...


class Ledger(Protocol):
    """Keeps what was spent. Raises `StorageError`."""

    async def note(
        self, guild_id: int | None, channel_id: int, reply: ChatReply, at: float, kind: Kind
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Ghost:
    """For whom a message is written, and where. `name` is their own, without a persona."""

    user_id: int
    name: str
    channel_id: int
    parent_id: int | None
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class Ghostwriter:
    """Nothing is stored: what is written becomes theirs once they post it."""

    transcript: Transcript
    scenes: Scenes
    assembler: Assembler
    personas: Personas
    chains: Chains
    clock: Clock
    watcher: Listener
    ledger: Ledger
    purse: TurnPurse | None = None

    async def write(self, person: Ghost, hint: str) -> str | None:
        """None: the channel is not bound. `hint` is what it should be about.

        Raises:
            BackendError: nobody answered.
            StorageError: something could not be read.
        """
        scene = await self.scenes.load(person.channel_id, person.parent_id, person.guild_id)
        if scene is None:
            return None
        history = await self.transcript.recent(person.channel_id, HISTORY_LIMIT)
        name = await self.name_of(person)
        own = await self.personas.worn(person.user_id, person.channel_id, person.parent_id)
        others = await present(self.personas, history)
        scene = replace(scene, personas=tuple(dict.fromkeys(filter(None, (own, *others)))))
        turn = Turn(
            0,
            person.channel_id,
            person.guild_id,
            "running",
            self.clock.now(),
            0,
            requested_by=person.user_id,
            hint=hint,
        )
        assembled = await self.assembler.assemble(
            scene, history, turn, wanted="impersonation", user=name
        )
        profile = scene.profile.profile
        deadline = self.clock.monotonic() + self.chains.deadline_seconds(profile)
        source = self.chains.chain(profile).stream(assembled.prompt, deadline)
        if self.purse:
            source = self.purse.turn(turn, scene, assembled.prompt, source)
        async with aclosing(without_label(source, {name, *assembled.labels})) as events:
            reply = await self._listen(events)
        await self._account(person, reply)
        text = reply.text.strip()
        if not text:
            raise EmptyReply(say("The model answered without any text."))
        return text

    async def _account(self, person: Ghost, reply: ChatReply) -> None:
        """What cannot be kept of the cost must not cost the text, too."""
        try:
            await self.ledger.note(
                person.guild_id, person.channel_id, reply, self.clock.now(), "impersonation"
            )
        except StorageError as error:
            log.warning("What was written for a person is missing in /usage: %s", error)

    async def _listen(self, events: AsyncIterator[StreamEvent]) -> ChatReply:
        """The whole of it; health hears of each request, as it does of replies."""
        collector = Collector()
        async for event in events:
            if isinstance(event, Attempt):
                self.watcher.attempted(event)
            collector.take(event)
        return collector.reply()

    async def name_of(self, person: Ghost) -> str:
        """The persona's that they wear there, else their own."""
        worn = await self.personas.worn(person.user_id, person.channel_id, person.parent_id)
        return worn.name if worn else person.name
