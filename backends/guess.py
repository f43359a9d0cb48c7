"""A usage for replies whose server does not count, or that end before it tells."""

from collections.abc import AsyncGenerator
from dataclasses import replace

from roleplay.chat import Attempt, StreamEvent, Usage
from roleplay.closing import closing


async def guessed(
    events: AsyncGenerator[StreamEvent], prompt_tokens: int
) -> AsyncGenerator[StreamEvent]:
    """The same events, of which the first piece has a usage, if only an estimated one.

    It stands until the server's own count comes, at the end, if at all.
    """
    marked = False
    async with closing(events) as stream:
        async for event in stream:
            if marked or isinstance(event, Attempt):
                yield event
            else:
                marked = True
                guess = Usage(prompt_tokens=prompt_tokens, estimated=True)
                yield replace(event, usage=event.usage or guess)
