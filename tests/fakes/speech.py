"""A channel in memory: what was said, what was apologised for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from roleplay.chat import Attempt, ChatReply, Delta, StreamEvent
from roleplay.collect import collect
from roleplay.conversation import Spoken
from roleplay.errors import BackendError, RoleForgeError
from roleplay.prompt import Prompt
from roleplay.swipes import FIRST, Swipe
from roleplay.transcript import Part, Turn
from roleplay.voices import Voice


class ScriptedBackend:
    """Answers with the texts it is given, in order; an error in their place is raised."""

    def __init__(self, *answers: str | BackendError) -> None:
        self._answers = list(answers)
        self.prompts: list[Prompt] = []
        self.name = "scripted"

    def chain(self, name: str) -> "ScriptedBackend":
        self.name = name
        return self

    def alone(self, name: str) -> "ScriptedBackend":
        return self.chain(name)

    def deadline_seconds(self, name: str) -> float:
        del name
        return 60.0

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncIterator[StreamEvent]:
        del deadline
        self.prompts.append(prompt)
        answer = self._answers.pop(0)
        if isinstance(answer, BackendError):
            yield Attempt(self.name, answer.code, 0.1)
            raise answer
        for word in answer.split(" "):
            yield Delta(f"{word} ", served_by=self.name)
        yield Delta(finish_reason="stop")
        yield Attempt(self.name, "answered", 0.1)


class ListeningSpeaker:
    """A `roleplay.conversation.Speaker` that keeps what is said. Discord ids count from 900."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.voices: list[Voice | None] = []
        self.swipes: list[tuple[int, int]] = []
        self.apologies: list[tuple[int, RoleForgeError]] = []
        self.offered: list[int] = []
        self.remarks: list[str] = []
        self.unsaid: list[int] = []
        self.refuses: RoleForgeError | None = None
        self.after_speaking: Callable[[], None] | None = None

    async def speak(
        self,
        turn: Turn,
        events: AsyncIterator[StreamEvent],
        posted: Callable[[int], Awaitable[None]],
        voice: Voice | None = None,
        swipe: Swipe = FIRST,
    ) -> Spoken:
        self.voices.append(voice)
        self.swipes.append((swipe.number, swipe.count))
        if self.refuses:
            raise self.refuses
        reply: ChatReply = await collect(events)
        reply = replace(reply, text=swipe.begun + reply.text)
        discord_id = turn.posted[0] if turn.posted else 900 + len(self.said)
        await posted(discord_id)
        self.said.append(reply.text.strip())
        if self.after_speaking:
            self.after_speaking()
        return Spoken((Part(discord_id, reply.text.strip()),), reply)

    async def apologise(self, turn: Turn, error: RoleForgeError) -> None:
        self.apologies.append((turn.id, error))

    async def unsay(self, turn: Turn) -> None:
        self.unsaid.extend(turn.posted)

    async def remark(self, turn: Turn, text: str) -> None:
        del turn
        self.remarks.append(text)

    async def offer_again(self, turn: Turn, posted: Callable[[int], Awaitable[None]]) -> None:
        del posted
        if self.refuses:
            raise self.refuses
        self.offered.append(turn.id)
