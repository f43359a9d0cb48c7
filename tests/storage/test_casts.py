from dataclasses import replace

import pytest

from roleplay.casting.cast import Cast, moved, muted, talkative, with_seat, without_seat
from roleplay.errors import CastError, StorageError
from storage.casts import SqlCasts
from storage.open import Stores

EMPTY = Cast(7, 5)


@pytest.fixture
def casts(stores: Stores) -> SqlCasts:
    return stores.casts


async def three(casts: SqlCasts) -> Cast:
    cast = EMPTY
    for character_id in (30, 10, 20):
        cast = await casts.change(EMPTY, lambda cast, new=character_id: with_seat(cast, new))
    return cast


async def test_a_cast_comes_back_as_it_was(casts: SqlCasts) -> None:
    assert await casts.cast(7) is None
    cast = await three(casts)
    assert [seat.character_id for seat in cast.seats] == [30, 10, 20]
    assert await casts.cast(7) == cast


async def test_every_change_is_kept(casts: SqlCasts) -> None:
    await three(casts)
    await casts.change(EMPTY, lambda cast: muted(cast, 10, muted=True))
    await casts.change(EMPTY, lambda cast: talkative(cast, 20, 0.25))
    await casts.change(EMPTY, lambda cast: moved(cast, 20, 1))
    rules = await casts.change(
        EMPTY,
        lambda cast: replace(
            cast, order="list", allow_self_responses=True, auto_turns=3, join_mode="join"
        ),
    )
    assert [(seat.character_id, seat.muted, seat.talkativeness) for seat in rules.seats] == [
        (20, False, 0.25),
        (30, False, None),
        (10, True, None),
    ]
    casts.forget()
    assert await casts.cast(7) == rules


async def test_a_change_that_cannot_be_made_changes_nothing(casts: SqlCasts) -> None:
    before = await three(casts)
    with pytest.raises(CastError):
        await casts.change(EMPTY, lambda cast: without_seat(cast, 99))
    with pytest.raises(StorageError):
        await casts.change(EMPTY, lambda cast: replace(cast, auto_turns=6))
    assert await casts.cast(7) == before


async def test_a_thread_begins_with_what_it_inherits(casts: SqlCasts) -> None:
    inherited = replace(await three(casts), channel_id=8)
    await casts.change(inherited, lambda cast: muted(cast, 30, muted=True))
    kept, own = await casts.cast(7), await casts.cast(8)
    assert kept
    assert own
    assert [seat.muted for seat in kept.seats] == [False, False, False]
    assert [seat.muted for seat in own.seats] == [True, False, False]


async def test_a_cast_can_be_dissolved(casts: SqlCasts) -> None:
    await three(casts)
    assert await casts.clear(7)
    assert not await casts.clear(7)
    assert await casts.cast(7) is None
