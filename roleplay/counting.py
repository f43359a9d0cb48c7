"""Exact token counts of the history, taken after a turn so that no turn waits for them."""

import logging
from collections.abc import Callable, Sequence

from roleplay.errors import BackendError
from roleplay.ports import Tokenizer
from roleplay.prompting.spoken import spoken_line
from roleplay.transcript import StoredMessage, Transcript

log = logging.getLogger(__name__)

MOST_AT_ONCE = 32
"""Messages counted after one turn: a long history is caught up over several turns."""


class TokenCounting:
    """Counts what is not counted yet with the tokenizer of the profile that answered."""

    def __init__(
        self, transcript: Transcript, tokenizers: Callable[[str], Tokenizer | None]
    ) -> None:
        self._transcript = transcript
        self._tokenizers = tokenizers

    async def count(self, messages: Sequence[StoredMessage], profile: str) -> None:
        """Newest first. A server that does not answer is asked again after the next turn.

        Raises:
            StorageError: the counts were not stored.
        """
        tokenizer = self._tokenizers(profile)
        if tokenizer is None:
            return
        fresh = [message for message in reversed(messages) if tokenizer.id not in message.counts]
        fresh = fresh[:MOST_AT_ONCE]
        if not fresh:
            return
        try:
            counts = await tokenizer.count([spoken_line(message) for message in fresh])
        except BackendError as error:
            log.debug("%s did not count tokens: %s", profile, error)
            return
        ids = [message.id for message in fresh]
        await self._transcript.save_counts(tokenizer.id, dict(zip(ids, counts, strict=True)))
