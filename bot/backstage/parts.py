"""What commands and listeners work with: made in `bot.services`, handed down whole."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from backends.pool import Pool
from bot.amends import Amends
from bot.client import Client
from bot.cogs.departures import Departures
from bot.costs import Costs
from bot.ears import Ears
from bot.inbox import Inbox
from bot.live_panels import LivePanels
from bot.notice_board import NoticeBoard
from bot.notices import Notices
from bot.pacer import Pacer
from bot.prompts.prompting import Prompting
from bot.reloading.reloader import Reloader
from bot.sending import Sender
from bot.status_reader import StatusReader
from bot.steering import Steering
from bot.telling import Telling
from bot.turns import Turns
from bot.voicing import Voicing
from bot.watcher import TrafficWatcher
from bot.watching import Watching
from roleplay.conversation import Conversation
from roleplay.greeting import CardGreetings
from roleplay.lorebooks.settings import LoreSettings
from roleplay.memory.summariser import Summariser
from roleplay.monitor import Monitor
from roleplay.ports import Clock
from roleplay.purse import Purse
from roleplay.scene import Scenes
from storage.open import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    """Each is named as its class is."""

    amends: Amends
    board: NoticeBoard
    client: Client
    clock: Clock
    conversation: Conversation
    costs: Costs
    departures: Departures
    ears: Ears
    greetings: CardGreetings
    inbox: Inbox
    lore_settings: Callable[[], LoreSettings]
    monitor: Monitor
    notices: Notices
    pacer: Pacer
    panels: LivePanels
    pool: Pool
    prompting: Prompting
    purse: Purse
    reloader: Reloader
    scenes: Scenes
    sender: Sender
    status: StatusReader
    steering: Steering
    stores: Stores
    summariser: Summariser
    tasks: asyncio.TaskGroup
    telling: Telling
    turns: Turns
    voicing: Voicing
    watcher: TrafficWatcher
    watching: Watching
