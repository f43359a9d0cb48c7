"""A request that the account does not allow is made smaller, once."""

import pytest
from fakes.pool import cloud, stage

from backends.allowance import note_allowance, smaller
from roleplay.errors import AllProfilesFailed, OutOfCredit, RequestTooBig
from roleplay.prompt import REQUIRED, Block, Prompt

HELLO = Prompt((Block("newest", "user", "Ann: Hello?", REQUIRED),))

TIER = "Request too large for m on tokens per minute (TPM): Limit 6000, Requested 7,200, please"


def too_big(message: str = "") -> RequestTooBig:
    error = RequestTooBig(message)
    note_allowance(error, message)
    return error


def broke(message: str = "") -> OutOfCredit:
    error = OutOfCredit(message)
    note_allowance(error, message)
    return error


def test_the_numbers_are_the_servers_own() -> None:
    assert too_big(TIER).excess == 1200
    assert broke("You requested up to 800 tokens, but can only afford 310.").affordable == 310
    assert too_big("Request too large").excess is None


def test_the_reply_gives_way_first_and_then_the_prompt() -> None:
    error = too_big()
    error.excess = 500
    assert smaller(error, 5000, 2200) == (5000, 1700)
    error.excess = 1500
    assert smaller(error, 5000, 2200) == (4600, 1100)
    error.excess = 9000
    assert smaller(error, 5000, 2200) is None


def test_an_account_without_credit_is_not_asked_for_less() -> None:
    assert smaller(broke("Insufficient balance"), 5000, 400) is None
    assert smaller(broke("can only afford 12"), 5000, 400) is None
    assert smaller(broke("can only afford 310"), 5000, 400) == (5000, 310)


async def test_a_request_beyond_the_tier_is_sent_again_smaller_once() -> None:
    async with stage(only=cloud(sampler={"max_completion_tokens": 400})) as on:
        on.servers["only"].next(too_big("Limit 100, Requested 200"), too_big())
        with pytest.raises(AllProfilesFailed) as failed:
            await on.ask("only", HELLO)
        first, second = on.servers["only"].requests
        assert (first.max_tokens, second.max_tokens) == (None, 300)
        assert [each.outcome for each in failed.value.attempts] == ["request_too_big"] * 2


async def test_what_can_still_be_paid_for_is_asked_for() -> None:
    async with stage(only=cloud(sampler={"max_completion_tokens": 400})) as on:
        on.servers["only"].next(broke("can only afford 310"))
        reply = await on.ask("only", HELLO)
        assert reply.text == "Hello."
        assert [each.max_tokens for each in on.servers["only"].requests] == [None, 310]


async def test_an_empty_account_costs_one_request() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].next(broke("You exceeded your current quota"))
        with pytest.raises(AllProfilesFailed):
            await on.ask("only", HELLO)
        assert len(on.servers["only"].requests) == 1
