"""Everything that people use while they play."""

import random
from collections.abc import Iterable

from discord.ext import commands

from bot.backstage.parts import Backstage
from bot.branches import Branches
from bot.casting.choices import CastNames
from bot.casting.desk import CastDesk
from bot.catch_up import CatchUp
from bot.characters.desk import CharacterDesk
from bot.characters.names import CharacterNames
from bot.choices import ProfileNames
from bot.cogs.cast import CastCommands
from bot.cogs.channel import ChannelCommands
from bot.cogs.characters import CharacterCommands
from bot.cogs.chat import ChatCog
from bot.cogs.dice import DiceCommands
from bot.cogs.greet import GreetCommand
from bot.cogs.impersonate import ImpersonateCommand
from bot.cogs.instructions import InstructionCommands
from bot.cogs.lorebook import LorebookCommands
from bot.cogs.memory import MemoryCommands
from bot.cogs.message_menu import MessageMenu
from bot.cogs.note import NoteCommands
from bot.cogs.ownership import OwnershipCommands
from bot.cogs.persona_buttons import PersonaButtons
from bot.cogs.personas import PersonaCommands
from bot.cogs.presets import PresetCommands
from bot.cogs.prompt import PromptCommand
from bot.cogs.reasoning import ReasoningCommand
from bot.cogs.scene import SceneCommands
from bot.cogs.scene_threads import SceneThreads
from bot.cogs.speak import SpeakCommand
from bot.cogs.story import StoryCommands
from bot.cogs.swipes import SwipeButtons
from bot.cogs.turns import TurnCommands
from bot.greeter import Greeter
from bot.lorebooks.desk import LorebookDesk
from bot.lorebooks.names import LorebookNames
from bot.lorebooks.trial import LoreTrial
from bot.personas.desk import PersonaDesk
from bot.prompts.glance import Glance
from bot.reception import Reception
from bot.scenes.desk import SceneDesk
from bot.scenes.overview import Overview
from roleplay.impersonation import Ghostwriter
from roleplay.prompting.lore import AttachedBooks


def story_cogs(back: Backstage) -> Iterable[commands.Cog]:
    """What people talk and play with."""
    stores, clock = back.stores, back.clock
    profiles = ProfileNames(lambda: back.pool.profiles)
    ears = back.ears
    reception = Reception(
        back.conversation,
        back.turns,
        stores.transcript,
        back.tasks,
        clock,
        is_paused=stores.scenes.is_paused,
    )
    catch_up = CatchUp(
        back.client,
        ears,
        reception,
        bindings=stores.bindings,
        transcript=stores.transcript,
        pacer=back.pacer,
        clock=clock,
    )
    yield ChatCog(
        ears,
        catch_up,
        inbox=back.inbox,
        reception=reception,
        transcript=stores.transcript,
        turns=back.turns,
    )
    yield TurnCommands(stores.transcript, back.turns, back.inbox, clock, rounds=stores.rounds)
    yield SwipeButtons(back.steering)
    yield ReasoningCommand(stores.transcript)
    glance = Glance(back.scenes, stores.transcript, stores.personas, back.prompting.assembler)
    yield PromptCommand(glance, back.pool, profiles)
    yield DiceCommands(back.inbox, reception, clock, random.Random())
    yield MemoryCommands(stores.memory, back.summariser, back.scenes, profiles, clock)
    yield NoteCommands(stores.prompts, back.prompting.settings)
    yield InstructionCommands(stores.prompts, back.prompting.settings)
    names = CharacterNames(stores.characters)
    yield _lorebooks(back, glance, names)
    yield CharacterCommands(stores.characters, names, CharacterDesk(stores.characters))
    greeter = Greeter(back.scenes, back.greetings, stores.transcript, back.turns, back.inbox, clock)
    yield ChannelCommands(
        stores.bindings,
        back.scenes,
        profiles,
        clock,
        casts=stores.casts,
        characters=names,
        greeter=greeter,
        troubles=back.voicing.troubles,
    )
    casts = CastDesk(stores.casts, back.scenes, names)
    yield CastCommands(casts, CastNames(casts, names))
    yield SpeakCommand(
        casts,
        CastNames(casts, names),
        back.scenes,
        transcript=stores.transcript,
        turns=back.turns,
        inbox=back.inbox,
        clock=clock,
    )
    yield GreetCommand(greeter, casts, CastNames(casts, names))
    writer = Ghostwriter(
        stores.transcript,
        back.scenes,
        back.prompting.assembler,
        stores.personas,
        back.pool,
        clock,
        back.watcher,
        stores.usage,
        purse=back.purse,
    )
    yield ImpersonateCommand(
        writer,
        stores.personas,
        back.sender,
        reception=reception,
        turns=back.turns,
        inbox=back.inbox,
        clock=clock,
    )
    yield PresetCommands(stores.presets, back.scenes, lambda: back.pool.profiles)
    yield OwnershipCommands(back.client, back.amends, back.inbox)
    yield StoryCommands(back.steering, back.amends, back.sender)
    delivery = back.voicing.delivery
    yield from _scene_cogs(back, names, profiles)
    branches = Branches(
        stores.transcript, stores.bindings, stores.casts, back.sender, delivery, clock
    )
    yield MessageMenu(back.client, back.steering, back.amends, branches, delivery)
    yield PersonaCommands(PersonaDesk(stores.personas))


def _lorebooks(back: Backstage, glance: Glance, characters: CharacterNames) -> LorebookCommands:
    kept = back.stores.lorebooks
    return LorebookCommands(
        kept,
        LorebookNames(kept),
        LorebookDesk(kept),
        characters=characters,
        trial=LoreTrial(glance, AttachedBooks(kept), back.lore_settings),
    )


def _scene_cogs(
    back: Backstage, names: CharacterNames, profiles: ProfileNames
) -> Iterable[commands.Cog]:
    stores = back.stores
    desk = SceneDesk(
        stores.scenes,
        stores.bindings,
        stores.casts,
        stores.transcript,
        back.turns,
        back.inbox,
        back.sender,
        back.voicing.delivery,
        stores.prompts,
        back.clock,
    )
    overview = Overview(
        stores.scenes, back.scenes, back.prompting.settings, stores.personas, stores.memory
    )
    yield SceneCommands(stores.scenes, desk, characters=names, profiles=profiles, overview=overview)
    yield SceneThreads(stores.scenes)
    yield PersonaButtons(PersonaDesk(stores.personas))
