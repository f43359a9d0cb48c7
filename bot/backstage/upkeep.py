"""Everything that admins and the bot's owner use."""

from collections.abc import Iterable
from functools import partial

from discord.ext import commands

from backends.pool import Pool
from bot.audit.undoing import Undoing
from bot.backstage.parts import Backstage
from bot.choices import ProfileNames
from bot.cogs.audit import AuditCommand
from bot.cogs.help import HelpCommands
from bot.cogs.incidents import IncidentsCommand
from bot.cogs.limits import LimitCommands
from bot.cogs.maintenance import MaintenanceCommands
from bot.cogs.outage_buttons import OutageButtons
from bot.cogs.outages import OutageCommands
from bot.cogs.owner_profiles import OwnerProfileCommands
from bot.cogs.panel import PanelCommands
from bot.cogs.profile import ProfileCommands
from bot.cogs.status import StatusCommand
from bot.cogs.usage import UsageCommand
from bot.profile_text import describe
from bot.profile_trial import ProfileTrial
from bot.profiles.desk import ProfileDesk
from bot.profiles.moving import Moving


def upkeep_cogs(back: Backstage) -> Iterable[commands.Cog]:
    """Profiles, health, what is spent, and who changed what."""
    stores, clock = back.stores, back.clock
    profiles = ProfileNames(lambda: back.pool.profiles)
    trial = ProfileTrial(back.pool, clock)
    moving = Moving(stores.bindings, lambda: back.reloader.config.default_profile)
    yield ProfileCommands(
        stores.bindings,
        profiles,
        trial,
        lambda: back.reloader.config.default_profile,
        describe=partial(_describe, back.pool),
        moving=moving,
    )
    desk = ProfileDesk(back.reloader, stores.bindings, stores.bindings, back.pool, trial)
    yield OwnerProfileCommands(desk, profiles, moving)
    yield StatusCommand(back.status)
    yield PanelCommands(back.panels)
    yield IncidentsCommand(stores.health, profiles, clock)
    yield OutageCommands(stores.bindings, back.board, back.telling)
    plans, wake = back.watching.plans, back.notices.wake
    yield OutageButtons(
        stores.health,
        back.monitor,
        plans,
        moving,
        profiles=lambda: list(back.pool.profiles),
        wake=wake,
        clock=clock,
    )
    yield MaintenanceCommands(plans, profiles, wake, clock)
    yield from _accounts(back, profiles)
    yield back.departures
    yield HelpCommands(back.client.tree)


def _accounts(back: Backstage, profiles: ProfileNames) -> Iterable[commands.Cog]:
    """Of what is spent, and by whom."""
    stores, clock = back.stores, back.clock
    yield LimitCommands(stores.budgets, back.purse, profiles, clock)
    undo = Undoing(
        stores.audit,
        stores.bindings,
        stores.casts,
        stores.budgets,
        profiles,
        back.notices.wake,
        clock,
    )
    yield AuditCommand(stores.audit, undo, clock)
    yield UsageCommand(stores.usage, back.costs, clock)


def _describe(pool: Pool, profile: str) -> str:
    return describe(
        pool.profiles[profile],
        pool.samplers(profile),
        found=pool.known(profile),
        cautions=pool.cautions(profile),
    )
