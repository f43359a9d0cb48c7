"""The data folder as a whole: locked, opened and brought up to date."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.audit import SqlAudit
from storage.audited import watch
from storage.avatars import SqlAvatars
from storage.bindings import SqlBindings
from storage.budgets import SqlBudgets
from storage.casts import SqlCasts
from storage.characters import SqlCharacters
from storage.checks import SqlChecks
from storage.database import Database
from storage.departures import SqlDepartures
from storage.guilds import SqlGuilds
from storage.health import SqlHealth
from storage.history import SqlHistory
from storage.lock import hold
from storage.lore_timers import SqlLoreTimers
from storage.lorebooks import SqlLorebooks
from storage.maintenance import SqlMaintenance
from storage.meanwhile import SqlMeanwhile
from storage.memory import SqlMemory
from storage.migrate import migrate, shipped
from storage.ownership import SqlOwnership
from storage.panels import SqlPanels
from storage.personas import SqlPersonas
from storage.presets import SqlPresets
from storage.profiles import SqlProfiles
from storage.prompts import SqlPrompts
from storage.rounds import SqlRounds
from storage.scenes import SqlScenes
from storage.search import SqlMoments
from storage.settings import SqlSettings
from storage.transcript import SqlTranscript
from storage.usage import SqlUsage
from storage.vectors import SqlVectors
from storage.voices import SqlVoices
from storage.waiting import SqlWaitingLine

FILE_NAME = "roleforge.db"


@dataclass(frozen=True, slots=True)
class Stores:
    """Valid while `open_stores` is."""

    transcript: SqlTranscript
    bindings: SqlBindings
    health: SqlHealth
    settings: SqlSettings
    profiles: SqlProfiles
    guilds: SqlGuilds
    usage: SqlUsage
    casts: SqlCasts
    voices: SqlVoices
    avatars: SqlAvatars
    rounds: SqlRounds
    ownership: SqlOwnership
    personas: SqlPersonas
    history: SqlHistory
    panels: SqlPanels
    departures: SqlDepartures
    waiting: SqlWaitingLine
    characters: SqlCharacters
    maintenance: SqlMaintenance
    checks: SqlChecks
    meanwhile: SqlMeanwhile
    memory: SqlMemory
    moments: SqlMoments
    vectors: SqlVectors
    scenes: SqlScenes
    prompts: SqlPrompts
    lorebooks: SqlLorebooks
    lore_timers: SqlLoreTimers
    presets: SqlPresets
    budgets: SqlBudgets
    audit: SqlAudit


@asynccontextmanager
async def open_stores(folder: Path, now: Callable[[], float] = time.time) -> AsyncGenerator[Stores]:
    """Open the data folder, made where it is missing; `now` gives seconds since 1970.

    Raises:
        DatabaseInUse: another process works in the folder.
        DatabaseDamaged: the file is no database, or fails its check.
        StorageError: the folder cannot be used, or a newer RoleForge wrote it.
    """
    with hold(folder):
        async with Database.open(folder / FILE_NAME) as database:
            await migrate(database, shipped())
            await watch(database, now)
            moments = SqlMoments(database)
            bindings, casts = SqlBindings(database), SqlCasts(database)
            characters = SqlCharacters(database, casts, now)
            prompts = SqlPrompts(database)
            lorebooks, lore_timers = SqlLorebooks(database, now), SqlLoreTimers(database)
            personas, presets = SqlPersonas(database), SqlPresets(database)
            budgets = SqlBudgets(database)
            scenes = SqlScenes(database)
            await scenes.drop_unfinished()
            yield Stores(
                budgets=budgets,
                audit=SqlAudit(database, now),
                transcript=SqlTranscript(database, now),
                bindings=bindings,
                health=SqlHealth(database),
                settings=SqlSettings(database),
                profiles=SqlProfiles(database, now),
                guilds=SqlGuilds(
                    database,
                    (
                        bindings,
                        casts,
                        characters,
                        prompts,
                        personas,
                        lorebooks,
                        lore_timers,
                        presets,
                        budgets,
                        scenes,
                    ),
                    moments,
                ),
                usage=SqlUsage(database),
                casts=casts,
                voices=SqlVoices(database),
                avatars=SqlAvatars(database),
                rounds=SqlRounds(database),
                ownership=SqlOwnership(database),
                personas=personas,
                history=SqlHistory(database),
                panels=SqlPanels(database),
                departures=SqlDepartures(database),
                waiting=SqlWaitingLine(database),
                characters=characters,
                maintenance=SqlMaintenance(database),
                checks=SqlChecks(database),
                meanwhile=SqlMeanwhile(database),
                memory=SqlMemory(database),
                moments=moments,
                vectors=SqlVectors(database),
                scenes=scenes,
                prompts=prompts,
                lorebooks=lorebooks,
                lore_timers=lore_timers,
                presets=presets,
            )
