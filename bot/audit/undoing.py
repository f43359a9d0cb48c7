"""Takes a change back, where nothing else has been changed since."""

import json
from collections.abc import Callable
from dataclasses import replace

from bot.choices import ProfileNames
from roleplay.audit import Change, Facts
from roleplay.bindings import Bindings, ChannelBinding, GuildSettings
from roleplay.budgets import Limit
from roleplay.casting.cast import Cast, Casts, Seat
from roleplay.errors import RoleForgeError
from roleplay.phrases import say
from roleplay.ports import Clock
from storage.audit import SqlAudit
from storage.budgets import SqlBudgets


class Undoing:
    """Writes through the stores, so the way back is noted like any other change."""

    def __init__(  # noqa: PLR0917 - one store for each kind of change
        self,
        audit: SqlAudit,
        bindings: Bindings,
        casts: Casts,
        budgets: SqlBudgets,
        profiles: ProfileNames,
        wake: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._audit = audit
        self._bindings = bindings
        self._casts = casts
        self._budgets = budgets
        self._profiles = profiles
        self._wake = wake
        self._clock = clock

    async def __call__(self, change: Change, by: int) -> str:
        """What was done, or why it was not."""
        if reason := await self._reason_against(change):
            return reason
        if not await self._audit.claim(change.id):
            return say("It is undone already.")
        try:
            await self._restore(change, by)
        except RoleForgeError:
            await self._audit.unclaim(change.id)
            raise
        return say("Undone: it is as it was before {number}.", number=change.id)

    async def _reason_against(self, change: Change) -> str | None:
        if not change.undoable:
            return say("It is undone already, or cannot be undone from here.")
        cast = await self._casts.cast(int(change.target)) if change.action == "characters" else None
        if await self._audit.standing(change, cast) != change.after:
            return say("It has been changed again since then: `/audit` shows by whom.")
        profile = (change.before or {}).get("profile")
        return self._profiles.problem(profile) if profile else None

    async def _restore(self, change: Change, by: int) -> None:
        match change.action:
            case "channel":
                await self._channel(change, by)
            case "server":
                await self._bindings.save_guild(
                    GuildSettings(change.guild_id, **(change.before or {}))
                )
                self._wake()
            case "limit":
                await self._limit(change)
            case _:
                await self._cast(change)

    async def _channel(self, change: Change, by: int) -> None:
        channel_id = int(change.target)
        if change.before is None:
            await self._bindings.unbind(channel_id)
            return
        now = await self._bindings.channel(channel_id)
        start = now or ChannelBinding(channel_id, change.guild_id, by, self._clock.now())
        await self._bindings.bind(replace(start, **_decided(change.before)))

    async def _limit(self, change: Change) -> None:
        if change.before is None:
            await self._budgets.clear(int(change.target), change.guild_id)
        else:
            await self._budgets.set_limit(Limit(**change.before, guild_id=change.guild_id))

    async def _cast(self, change: Change) -> None:
        channel_id = int(change.target)
        if change.before is None:
            await self._casts.clear(channel_id)
            return
        rules = {name: fact for name, fact in change.before.items() if name != "seats"}
        seats = tuple(Seat(*seat) for seat in change.before["seats"])
        before = Cast(channel_id, change.guild_id, seats, **rules)
        await self._casts.change(before, lambda _: before)


def _decided(facts: Facts) -> Facts:
    """The fields of a binding; its words are JSON in the table."""
    words = facts["wake_words"]
    return {**facts, "wake_words": None if words is None else tuple(json.loads(words))}
