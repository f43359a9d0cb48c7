"""Notices as JSON, posted to the webhook of the config; the body is described in docs/health.md."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from backends.webhook import Webhook
from bot.causes import cause, words
from bot.letters import Letter, NotTaken, Place, Standing
from roleplay.incidents import Incident

FORMAT = 1


class WebhookCourier:
    """A `Courier`. What was posted cannot be changed: of edits only the ends are posted."""

    def __init__(self, hook: Callable[[], Webhook | None]) -> None:
        self._hook = hook

    async def post(self, place: Place, letter: Letter, nonce: str) -> Standing:
        """See `Courier`."""
        del place, nonce
        await self._send(letter, letter.incidents)
        return Standing(0, max((incident.id for incident in letter.incidents), default=0))

    async def edit(self, place: Place, at: Standing, letter: Letter) -> None:
        """See `Courier`."""
        del place, at
        if letter.news:
            await self._send(letter, letter.news)

    async def remind(self, place: Place, at: Standing, letter: Letter, nonce: str) -> int:
        """See `Courier`."""
        del place, at, nonce
        await self._send(letter, letter.incidents)
        return 0

    async def delete(self, place: Place, at: Standing) -> None:
        """What was posted stays."""

    async def _send(self, letter: Letter, incidents: Sequence[Incident]) -> None:
        hook = self._hook()
        if hook is None:
            return  # the owner wants no more of it
        if why := await hook.post(body(letter, incidents)):
            raise NotTaken(why)


def body(letter: Letter, incidents: Sequence[Incident]) -> Mapping[str, object]:
    """What is posted. Times are ISO 8601 in UTC; a server's own words are redacted."""
    return {
        "format": FORMAT,
        "event": letter.event,
        "text": letter.title,
        "incidents": [_entry(incident) for incident in incidents],
    }


def _entry(incident: Incident) -> Mapping[str, object]:
    over = incident.closed_at is not None
    return {
        "id": incident.id,
        "state": "closed" if over else "open",
        "profiles": list(incident.profiles),
        "down": list(incident.down),
        "host": incident.host,
        "code": incident.code,
        "cause": cause(incident.code),
        "detail": words(incident.detail),
        "hint": words(incident.hint),
        "openedAt": _iso(incident.opened_at),
        "closedAt": _iso(incident.closed_at) if incident.closed_at is not None else None,
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
