"""One short real reply from a profile, told as text."""

from backends.pool import Pool
from roleplay.errors import BackendError
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.prompt import REQUIRED, Block, Prompt

QUESTION = Prompt((Block("test", "user", "Say hello in one short sentence.", REQUIRED),))

LONGEST = 300
"""Characters of the reply that are shown."""


class ProfileTrial:
    """`/profile test`: asks even a profile whose breaker is open."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def __call__(self, name: str) -> str:
        started = self._clock.monotonic()
        try:
            reply = await self._pool.test(name, QUESTION)
        except BackendError as error:
            return say("❌ {name}: {error}\n{hint}", name=name, error=error, hint=error.hint)
        return say(
            "✅ {name} answered in {seconds} s with {model}:\n> {text}",
            name=name,
            seconds=f"{self._clock.monotonic() - started:.1f}",
            model=reply.model or say("an unnamed model"),
            text=reply.text.strip()[:LONGEST].replace("\n", "\n> "),
        )
