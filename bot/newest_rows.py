"""Which message of each channel carries the buttons: only the newest reply has them."""

import logging

from bot.sending import Sender
from roleplay.conversation import Spoken
from roleplay.errors import StorageError
from roleplay.transcript import Transcript, Turn

log = logging.getLogger(__name__)


class NewestRows:
    """After a restart the message that has them is the last reply's, as the transcript knows it."""

    def __init__(self, sender: Sender, transcript: Transcript) -> None:
        self._sender = sender
        self._transcript = transcript
        self._holder: dict[int, int] = {}

    async def passed_to(self, turn: Turn, spoken: Spoken) -> None:
        """Take the buttons off the reply before, if there is time for it. Never raises."""
        ids = [part.discord_id for part in spoken.parts]
        before = self._holder.get(turn.channel_id) or await self._last(turn.channel_id)
        self._holder[turn.channel_id] = ids[-1]
        if before and before not in ids:
            self._sender.offer_view(turn.channel_id, before, None)

    async def _last(self, channel_id: int) -> int | None:
        try:
            reply = await self._transcript.last_reply(channel_id)
            turn = await self._transcript.turn(reply.turn_id) if reply else None
        except StorageError as error:
            log.warning("Buttons of an older reply stay: %s", error)
            return None
        return turn.posted[-1] if turn and turn.posted else None
