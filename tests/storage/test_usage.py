from pathlib import Path

from fakes.sqlite import look

from roleplay.chat import ChatReply, Usage
from roleplay.profiles import Price
from roleplay.transcript import IncomingMessage
from roleplay.usage import By
from storage.database import Database
from storage.migrate import migrate, shipped
from storage.open import FILE_NAME, Stores, open_stores

DAY = 86400.0
CHEAP = Price(input=0.15, output=0.6)


class Talk:
    """Replies that are stored as the bot stores them."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.said = 1000

    async def reply(
        self, usage: Usage | None, *, profile: str = "main", channel: int = 11, guild: int = 1
    ) -> int:
        self.said += 1
        said = IncomingMessage(self.said, channel, guild, 5, "Ann", "Hello?", 1.0)
        turn = await self.stores.transcript.accept(said, wants_reply=True)
        assert turn
        await self.stores.transcript.start(turn.id)
        reply = ChatReply("Hi.", "stop", profile, model="m", usage=usage)
        await self.stores.transcript.finish(turn.id, reply, [], by="Nova")
        return turn.id


async def test_a_reply_and_its_tokens_are_stored_together(stores: Stores, tmp_path: Path) -> None:
    await Talk(stores).reply(Usage(3500, 200, cached_tokens=3000))
    assert look(tmp_path / FILE_NAME, "SELECT * FROM usage") == [
        (1, 1000.0, 1, 11, "main", "m", 3500, 3000, 200, 0, None, "reply")
    ]


async def test_every_variant_of_a_reply_was_paid_for(stores: Stores) -> None:
    turn_id = await Talk(stores).reply(Usage(10, 5))
    assert await stores.transcript.reopen(turn_id)
    await stores.transcript.start(turn_id)
    again = ChatReply("Ho.", "stop", "main", usage=Usage(11, 6))
    await stores.transcript.finish(turn_id, again, [], by="Nova")
    [total] = await stores.usage.spent("total", 0)
    assert (total.replies, total.prompt_tokens, total.completion_tokens) == (2, 21, 11)


async def test_what_was_paid_for_stays_when_the_reply_is_deleted(stores: Stores) -> None:
    talk = Talk(stores)
    await talk.reply(Usage(10, 5))
    await stores.transcript.delete([talk.said])
    assert [one.replies for one in await stores.usage.spent("total", 0)] == [1]


async def test_costs_are_exact_sums_over_a_restart(tmp_path: Path) -> None:
    for _ in range(3):
        async with open_stores(tmp_path) as stores:
            talk = Talk(stores)
            talk.said += 100 * (await stores.transcript.newest(11) or 0)
            for _ in range(10):
                await talk.reply(Usage(1, 0))
            await stores.usage.set_costs({"main": Price(input=0.1, output=0)})
    async with open_stores(tmp_path) as stores:
        [total] = await stores.usage.spent("total", 0)
    assert (total.replies, total.cost) == (30, 0.000003)


async def test_cached_tokens_have_their_own_price_where_there_is_one(stores: Stores) -> None:
    usage = Usage(1_000_000, 500_000, cached_tokens=400_000)
    talk = Talk(stores)
    await talk.reply(usage, profile="plain")
    await talk.reply(usage, profile="caching")
    price = Price(input=2, output=10, cachedInput=0.5)
    await stores.usage.set_costs({"plain": Price(input=2, output=10), "caching": price})
    spent = await stores.usage.spent("profile", 0)
    assert [(one.key, one.cost) for one in spent] == [("plain", 7.0), ("caching", 6.4)]


async def test_a_cost_once_given_stays_whatever_the_price_becomes(stores: Stores) -> None:
    talk = Talk(stores)
    await talk.reply(Usage(1_000_000, 0))
    await stores.usage.set_costs({"main": CHEAP})
    await talk.reply(Usage(1_000_000, 0))
    await stores.usage.set_costs({"main": Price(input=3, output=6)})
    assert [one.cost for one in await stores.usage.spent("total", 0)] == [3.15]


async def test_tokens_without_a_price_and_estimates_are_told_apart(stores: Stores) -> None:
    talk = Talk(stores)
    await talk.reply(Usage(10, 1), profile="local")
    await talk.reply(Usage(10, 1, estimated=True))
    await talk.reply(None)
    await stores.usage.set_costs({"main": CHEAP})
    [total] = await stores.usage.spent("total", 0)
    assert (total.replies, total.unpriced, total.estimated) == (2, 1, 1)


async def test_sums_are_by_server_channel_and_day(tmp_path: Path) -> None:
    times = iter([10 * DAY + 1, 11 * DAY + 1, 11 * DAY + 2])
    async with open_stores(tmp_path, now=lambda: next(times)) as stores:
        talk = Talk(stores)
        await talk.reply(Usage(1, 0), channel=11)
        await talk.reply(Usage(20, 0), channel=12)
        await talk.reply(Usage(300, 0), channel=21, guild=2)

        async def keys(by: By, since: float = 0, guild: int | None = None) -> list[object]:
            found = await stores.usage.spent(by, since, guild)
            return [(one.key, one.prompt_tokens) for one in found]

        assert await keys("channel", guild=1) == [(12, 20), (11, 1)]
        assert await keys("day") == [(10, 1), (11, 320)]
        assert await keys("day", 11 * DAY, 1) == [(11, 20)]
        assert await keys("server") == [(2, 300), (1, 21)]


async def test_replies_from_before_the_table_are_taken_over(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    async with Database.open(path) as database:
        await migrate(database, shipped()[:1])
        async with database.transaction() as old:
            await old.run(
                "INSERT INTO messages (channel_id, guild_id, position, role, author_id,"
                " author_name, text, created_at) VALUES (11, 1, 5, 'assistant', 0, 'Nova', 'Hi', 1)"
            )
            await old.run("INSERT INTO variants VALUES (1, 0, 'Hi', 9, 'stop', 'main', 'm', 7, 2)")
            await old.run(
                "INSERT INTO variants VALUES (1, 1, 'Ho', 9, 'stop', 'main', 'm', NULL, 2)"
            )
    async with open_stores(tmp_path) as stores:
        spent = await stores.usage.spent("profile", 0)
    assert [(one.key, one.prompt_tokens, one.completion_tokens) for one in spent] == [
        ("main", 7, 2)
    ]
