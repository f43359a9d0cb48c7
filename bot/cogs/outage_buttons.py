"""The buttons under outage notices: acknowledge, mute, probe, switch, maintenance."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import is_manager, is_owner
from bot.incident_selects import LENGTHS, OneSelect
from bot.notice_buttons import BUTTON
from bot.notice_text import duration
from bot.profiles.buttons import tell_undoable
from bot.profiles.moving import Move, Moving
from bot.tree import explain
from roleplay.health import HealthStore
from roleplay.incidents import Incident, Notice
from roleplay.maintenance import Window
from roleplay.monitor import Monitor
from roleplay.phrases import say
from roleplay.plans import Plans
from roleplay.ports import Clock

HOUR = 3600.0
UNTIL_BACK = float("inf")

BETWEEN_PROBES = 10.0
"""Seconds between two probes that people ask for."""

MOST_OPTIONS = 25
"""Discord's own limit of a select."""


class OutageButtons(commands.Cog):
    """A notice is found by its message and server, so no id of another server's is of use."""

    def __init__(
        self,
        store: HealthStore,
        monitor: Monitor,
        plans: Plans,
        moving: Moving,
        *,
        profiles: Callable[[], Sequence[str]],
        wake: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._monitor = monitor
        self._plans = plans
        self._moving = moving
        self._profiles = profiles
        self._wake = wake
        self._clock = clock
        self._probed = float("-inf")

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data = interaction.data or {}
        pressed = BUTTON.fullmatch(str(data.get("custom_id", "")))
        if interaction.type is not discord.InteractionType.component or pressed is None:
            return
        try:
            await self._pressed(interaction, pressed["verb"])
        except Exception as error:  # noqa: BLE001 - a border: `explain` logs what it does not know
            await tell(interaction, explain(error))

    async def _pressed(self, interaction: discord.Interaction[Any], verb: str) -> None:
        allowed = is_manager if interaction.guild_id else is_owner
        if not await allowed(interaction):
            await tell(interaction, say("This needs the permission Manage Server."))
            return
        notices, incidents = await self._told_by(interaction)
        going = [incident for incident in incidents if incident.closed_at is None]
        if not going:
            await tell(interaction, say("This outage is over."))
            return
        names = tuple(dict.fromkeys(name for each in going for name in each.down))
        match verb:
            case "ack":
                await self._acknowledge(interaction, notices)
            case "hour":
                await self._mute(interaction, notices, self._clock.now() + HOUR)
            case "mute":
                await self._mute(interaction, notices, UNTIL_BACK)
            case "probe":
                await self._probe(interaction, names)
            case "switch":
                await self._offer_switch(interaction, names)
            case _:
                await self._offer_plan(interaction, names)

    async def _told_by(
        self, interaction: discord.Interaction[Any]
    ) -> tuple[list[Notice], list[Incident]]:
        message = interaction.message
        place = interaction.guild_id or -interaction.user.id
        notices = await self._store.notices_of(place, message.id) if message else []
        found = [await self._store.incident(notice.incident_id) for notice in notices]
        return notices, [incident for incident in found if incident]

    async def _acknowledge(
        self, interaction: discord.Interaction[Any], notices: Sequence[Notice]
    ) -> None:
        for notice in notices:
            await self._store.save_notice(replace(notice, seen_by=interaction.user.id))
        self._wake()
        await tell(interaction, say("Noted: the notice shows that you have seen it. No reminders."))

    async def _mute(
        self, interaction: discord.Interaction[Any], notices: Sequence[Notice], until: float
    ) -> None:
        for notice in notices:
            await self._store.save_notice(replace(notice, muted_until=until))
        self._wake()
        if until == UNTIL_BACK:
            await tell(interaction, say("Muted: no reminders until it is back."))
            return
        text = say(
            "Muted until <t:{at}:t>: until then the notice is edited and nothing new is posted.",
            at=int(until),
        )
        await tell(interaction, text)

    async def _probe(self, interaction: discord.Interaction[Any], names: Sequence[str]) -> None:
        await think(interaction)
        now = self._clock.monotonic()
        if now - self._probed < BETWEEN_PROBES:
            await tell(interaction, say("Probed a moment ago. Try again in ten seconds."))
            return
        self._probed = now
        await self._monitor.sweep(names)
        self._wake()
        await tell(interaction, "\n".join(map(self._found, names))[:2000])

    def _found(self, name: str) -> str:
        state = self._monitor.state(name)
        if state.failures:
            return say("🔴 `{name}`: still down.", name=name)
        if state.status == "down":
            need = self._monitor.checks_needed(name)
            more = say(" It is unstable and needs {need} in a row.", need=need) if need else ""
            return say("🟡 `{name}`: this check succeeded.", name=name) + more
        return say("🟢 `{name}`: it is back.", name=name)

    async def _offer_switch(
        self, interaction: discord.Interaction[Any], names: Sequence[str]
    ) -> None:
        """Profiles that are not down come first."""
        others = sorted(
            (name for name in self._profiles() if name not in names),
            key=lambda name: (self._monitor.state(name).status == "down", name),
        )
        if not others:
            await tell(interaction, say("There is no other profile to switch to."))
            return

        async def chosen(answer: discord.Interaction[Any], name: str) -> None:
            done = await self._switch(answer, names, name)
            self._wake()
            await tell_undoable(answer, done.text, done.undo, _allowed)

        options = [
            discord.SelectOption(label=name[:100], value=name, emoji=self._sign(name))
            for name in others[:MOST_OPTIONS]
        ]
        where = say("here") if interaction.guild_id else say("in all servers")
        text = say(
            "Move the channels {where} that use {names} to:", where=where, names=_list(names)
        )
        await tell(interaction, text, view=OneSelect(options, chosen, _allowed))

    async def _switch(
        self, interaction: discord.Interaction[Any], names: Sequence[str], new: str
    ) -> Move:
        moves = [await self._moving(old, new, interaction.guild_id) for old in names]
        undos = [move.undo for move in moves if move.undo]

        async def undo() -> str:
            return "\n".join([await back() for back in undos])

        return Move("\n".join(move.text for move in moves)[:1900], undo if undos else None)

    async def _offer_plan(
        self, interaction: discord.Interaction[Any], names: Sequence[str]
    ) -> None:
        """Profiles belong to all servers, so only the owner plans."""
        if not await is_owner(interaction):
            await tell(interaction, say("Only the bot's owner plans maintenance."))
            return

        async def chosen(answer: discord.Interaction[Any], seconds: str) -> None:
            window = Window(
                profiles=tuple(names),
                start=self._clock.now(),
                seconds=float(seconds),
                created_by=answer.user.id,
            )
            added = await self._plans.add(window)
            self._wake()
            until = int(added.start + added.seconds)
            await tell(
                answer, say("Planned for {names} until <t:{at}:t>.", names=_list(names), at=until)
            )

        options = [
            discord.SelectOption(label=duration(seconds), value=str(seconds)) for seconds in LENGTHS
        ]
        text = say("Maintenance of {names}, from now on for:", names=_list(names))
        await tell(interaction, text, view=OneSelect(options, chosen, is_owner))

    def _sign(self, name: str) -> str:
        status = self._monitor.state(name).status
        return {"up": "🟢", "starting": "🟡", "down": "🔴"}.get(status, "⚪")


async def _allowed(interaction: discord.Interaction[Any]) -> bool:
    check: Callable[[discord.Interaction[Any]], Awaitable[bool]]
    check = is_manager if interaction.guild_id else is_owner
    return await check(interaction)


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:10])
