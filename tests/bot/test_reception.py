import asyncio
from dataclasses import replace
from pathlib import Path

from fakes.clock import VirtualClock
from fakes.room import CHANNEL, GUILD, HELLO, Room

from bot.reception import HOLD, Reception
from bot.turns import Turns
from roleplay.bindings import ChannelBinding
from storage.open import open_stores


async def test_who_writes_plainly_after_all_is_answered_after_a_short_wait(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    async with open_stores(tmp_path) as stores:
        await stores.bindings.bind(ChannelBinding(CHANNEL, GUILD, 4, 0.0))
        room = Room(stores, "Hello.", "Plainly.")
        async with asyncio.TaskGroup() as tasks:
            turns = Turns(room.conversation, tasks, 1)
            reception = Reception(room.conversation, turns, stores.transcript, tasks, clock)
            await reception.accept(HELLO)
            proxy = replace(HELLO, discord_id=102, author_name="Luna", proxied=True)
            await reception.accept(proxy)
            await reception.accept(replace(HELLO, discord_id=103, text="As myself."))
        assert room.speaker.said == ["Hello.", "Plainly."]
        assert clock.slept == [HOLD]
