from pydantic import SecretStr

from roleplay.transcript import IncomingMessage
from roleplay.voices import Said, Webhook
from storage.open import Stores

FIRST = Webhook(11, 2, 3, SecretStr("made-up"))
SECOND = Webhook(12, 2, 3, SecretStr("made-up-too"))


async def test_a_channel_has_one_webhook_and_the_old_ones_stay_known(stores: Stores) -> None:
    await stores.voices.save(FIRST)
    await stores.voices.save(SECOND)
    found = await stores.voices.webhooks()
    assert [(hook.id, hook.token) for hook in found] == [(11, None), (12, SECOND.token)]


async def test_a_webhook_that_is_gone_has_no_token_left(stores: Stores) -> None:
    await stores.voices.save(FIRST)
    await stores.voices.gone(11)
    assert [hook.token for hook in await stores.voices.webhooks()] == [None]


async def test_how_a_message_was_said_is_remembered_until_it_is_deleted(stores: Stores) -> None:
    asked = IncomingMessage(100, 2, 3, 4, "Ann", "Hello?", 1.0)
    turn = await stores.transcript.accept(asked, wants_reply=True)
    assert turn
    await stores.transcript.posted(turn.id, 101)
    await stores.voices.note(Said(101, 3, 11))
    assert await stores.voices.said(101) == Said(101, 3, 11)
    assert await stores.voices.unnoted([101, 102]) == [102]
    await stores.transcript.delete([101])
    assert await stores.voices.said(101) is None


def test_a_token_shows_nowhere_by_accident() -> None:
    assert "made-up" not in f"{FIRST} {FIRST!r}"
