"""Recalls an outage that nobody has taken on, by a silent answer to its notice."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot import notice_text
from bot.letters import Courier, Letter, Place, Standing
from bot.notice_scribe import Scribe
from roleplay.health import HealthStore
from roleplay.incidents import Incident, Notice
from roleplay.ports import Clock
from roleplay.post_limit import PostLimit


class Reminders:
    """`every` is in seconds, 0: none. Raises `NotTaken` from both methods."""

    def __init__(
        self,
        store: HealthStore,
        scribe: Scribe,
        limit: PostLimit,
        clock: Clock,
        every: Callable[[], float],
    ) -> None:
        self._store = store
        self._scribe = scribe
        self._limit = limit
        self._clock = clock
        self._every = every

    async def remind(
        self, courier: Courier, place: Place, at: Standing, incidents: Sequence[Incident]
    ) -> None:
        """Once for the whole message, if it is time; the last reminder goes."""
        going = [each for each in incidents if each.closed_at is None]
        names = [name for each in going for name in each.down]
        notices = await self._store.notices_of(place.id, at.message_id)
        told = next((each for each in notices if each.incident_id == going[0].id), None)
        if (
            told is None
            or not self._due(told, going[0], names)
            or not self._limit.allows(place.id, names)
        ):
            return
        now = self._clock.now()
        embed = notice_text.reminder(names, now - going[0].opened_at)
        nonce = f"{told.incident_id:x}.{place.id:x}.{int(now):x}"[:25]
        letter = Letter("reminder", embed, incidents=going)
        new = await courier.remind(place, at, letter, nonce)
        self._limit.note(place.id, names)
        await self._store.posted(place.id, tuple(names), now)
        await self.take_back(courier, place, [told])
        await self._store.save_notice(replace(told, reminded_at=now, reminder_id=new))

    def _due(self, told: Notice, incident: Incident, names: Sequence[str]) -> bool:
        now, every = self._clock.now(), self._every()
        quiet = told.seen_by or told.muted_until > now or self._scribe.planned(names) is not None
        late = now - max(told.reminded_at, incident.opened_at) >= every
        return bool(every) and late and not quiet

    async def take_back(self, courier: Courier, place: Place, notices: Sequence[Notice]) -> None:
        """Delete the reminders that stand."""
        for notice in notices:
            if not notice.reminder_id:
                continue
            await courier.delete(place, Standing(notice.channel_id, notice.reminder_id))
            for now in await self._store.notices_of(place.id, notice.message_id):
                if now.reminder_id == notice.reminder_id:
                    await self._store.save_notice(replace(now, reminder_id=0))
