from roleplay.prompting.note import AuthorsNote
from roleplay.transcript import IncomingMessage
from storage.open import Stores

CHANNEL, GUILD = 5, 9


async def say(stores: Stores, *discord_ids: int) -> list[int]:
    """People's messages; their own ids."""
    for discord_id in discord_ids:
        message = IncomingMessage(discord_id, CHANNEL, GUILD, 1, "Ann", "Hi", 1.0)
        await stores.transcript.accept(message, wants_reply=False)
    return [one.id for one in await stores.transcript.recent(CHANNEL, 50)]


async def test_a_note_is_kept_replaced_and_cleared(stores: Stores) -> None:
    assert await stores.prompts.note(CHANNEL) is None
    for note in (AuthorsNote("Rain."), AuthorsNote("Sun.", 1, 3, "user", "before")):
        await stores.prompts.save_note(CHANNEL, GUILD, note)
        assert await stores.prompts.note(CHANNEL) == note
        stores.prompts.forget()
        assert await stores.prompts.note(CHANNEL) == note
    assert await stores.prompts.clear_note(CHANNEL)
    assert await stores.prompts.note(CHANNEL) is None
    assert not await stores.prompts.clear_note(CHANNEL)


async def test_peoples_messages_are_counted_since_the_reset(stores: Stores) -> None:
    ids = await say(stores, 101, 102, 103)
    assert [await stores.prompts.written(CHANNEL, each) for each in ids] == [1, 2, 3]
    await stores.transcript.reset(CHANNEL, 2.0)
    (after,) = await say(stores, 104)
    assert await stores.prompts.written(CHANNEL, after) == 1


async def test_instructions_of_channel_and_server_are_apart(stores: Stores) -> None:
    prompts = stores.prompts
    await prompts.save_instruction("channel", CHANNEL, GUILD, "main", "Here.")
    await prompts.save_instruction("server", GUILD, GUILD, "main", "Everywhere.")
    await prompts.save_instruction("server", GUILD, GUILD, "post-history", "")
    assert await prompts.instructions("channel", CHANNEL) == {"main": "Here."}
    both = {"main": "Everywhere.", "post-history": ""}
    assert await prompts.instructions("server", GUILD) == both
    assert await prompts.clear_instruction("server", GUILD, "main")
    assert not await prompts.clear_instruction("server", GUILD, "main")
    assert await prompts.instructions("server", GUILD) == {"post-history": ""}


async def test_forgetting_is_told_once_and_again_after_a_reset(stores: Stores) -> None:
    told = stores.prompts.tell_of_forgetting
    assert await told(CHANNEL, GUILD, 10.0)
    assert not await told(CHANNEL, GUILD, 11.0)
    await stores.transcript.reset(CHANNEL, 20.0)
    assert await told(CHANNEL, GUILD, 21.0)
    assert not await told(CHANNEL, GUILD, 22.0)
