from dataclasses import replace

import pytest
from fakes.pool import Stage, cloud, stage
from fakes.server import Counter, counted

from roleplay.chat import ChatRequest
from roleplay.errors import AllProfilesFailed, ContextOverflow, Overloaded
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import REQUIRED, Block, Prompt

LINE = "Ann: " + "the river runs down to the sea and nobody knows why " * 4


def scene(lines: int = 100) -> Prompt:
    """A card, a history of about 50 tokens a line, and the newest message."""
    history = [Block(f"line {n}", "user", LINE, n) for n in range(lines)]
    card = Block("card", "system", "You are Bob.", REQUIRED)
    return Prompt((card, *history, Block("newest", "user", "Ann: Why?", REQUIRED)))


def sampler(window: int, reply: int = 100) -> dict[str, int]:
    return {"maxContextTokens": window, "max_completion_tokens": reply}


def windowed(window: int, *fallbacks: str) -> ConnectionProfile:
    return cloud(*fallbacks, sampler=sampler(window))


def sent(on: Stage, name: str = "only") -> list[int]:
    """Messages in each request."""
    return [len(request.messages) for request in on.servers[name].requests]


def ends(request: ChatRequest) -> tuple[str, str]:
    return request.messages[0].text, request.messages[-1].text


async def test_a_fallback_with_a_smaller_window_gets_a_shorter_prompt() -> None:
    async with stage(big=windowed(8000, "small"), small=windowed(1000)) as on:
        on.servers["big"].otherwise = [Overloaded("busy")]
        await on.ask("big", scene())
        big, small = sent(on, "big")[0], sent(on, "small")[0]
        assert big == 102
        assert 8 <= small <= 20
        assert ends(on.servers["small"].requests[0]) == ("You are Bob.", "Ann: Why?")


async def test_a_prompt_that_the_server_finds_too_long_is_trimmed_by_its_numbers_once() -> None:
    async with stage(only=windowed(4000)) as on:
        on.servers["only"].next(ContextOverflow("too long", prompt_tokens=3900, window=2048))
        reply = await on.ask("only", scene())
        first, second = sent(on)
        assert [a.outcome for a in reply.attempts] == ["context_overflow", "answered"]
        assert on.clock.slept == []
        assert second / first <= (2048 - 100) / 3900
        assert second / first > 0.4


async def test_the_smaller_window_is_remembered() -> None:
    async with stage(only=windowed(4000)) as on:
        on.servers["only"].next(ContextOverflow("too long", prompt_tokens=3900, window=2048))
        await on.ask("only", scene())
        await on.ask("only", scene())
        assert len(sent(on)) == 3
        assert sent(on)[2] <= sent(on)[1] + 1


async def test_without_numbers_a_quarter_is_left_out_and_remembered() -> None:
    async with stage(only=windowed(4000)) as on:
        on.servers["only"].next(ContextOverflow("too long"))
        await on.ask("only", scene())
        await on.ask("only", scene())
        first, second, third = sent(on)
        assert 0.65 * first < second < 0.8 * first
        assert third <= second


async def test_a_trimmed_prompt_that_is_refused_again_is_not_trimmed_further() -> None:
    async with stage(only=windowed(4000, "other"), other=windowed(8000)) as on:
        on.servers["only"].otherwise = [ContextOverflow("too long", hint="Raise the window.")]
        reply = await on.ask("only", scene())
        assert reply.served_by == "other"
        assert on.asked() == {"only": 2, "other": 1}


async def test_what_must_be_sent_goes_to_a_larger_window_without_a_request_to_the_small() -> None:
    prompt = Prompt((Block("card", "system", LINE * 12, REQUIRED),))
    async with stage(small=windowed(500, "big"), big=windowed(4000)) as on:
        assert (await on.ask("small", prompt)).served_by == "big"
        assert on.asked() == {"small": 0, "big": 1}
    async with stage(small=windowed(500)) as on:
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("small", prompt)
        assert "maxContextTokens" in caught.value.hint


async def test_estimates_learn_from_what_the_server_counts() -> None:
    async with stage(only=windowed(4000)) as on:
        server = on.servers["only"]
        for _ in range(10):
            tokens = 12 + 100 * (sent(on)[-1] if sent(on) else 1)
            server.otherwise = ["Hi.", counted(tokens)]
            await on.ask("only", scene())
        assert sent(on)[-1] < 0.75 * sent(on)[0]


async def test_stored_counts_of_the_server_s_tokenizer_go_before_estimates() -> None:
    cheap = [replace(block, counts={"words": 3, "other": 900}) for block in scene().blocks]
    async with stage(only=windowed(1000)) as on:
        await on.ask("only", Prompt(tuple(cheap)))
        assert sent(on)[0] < 20
        on.tokenizer = Counter()
        await on.pool.replace({"only": windowed(1001)})
        await on.ask("only", Prompt(tuple(cheap)))
        assert sent(on)[0] == 102
        assert on.pool.tokenizer("only") is on.tokenizer


async def test_a_probe_tells_the_window_where_the_profile_does_not() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].found.append(ProbeResult("only", "up", 0.1, window=1024))
        await on.ask("only", scene())
        await on.pool.probe("only")
        await on.ask("only", scene())
        assert sent(on)[1] < sent(on)[0] / 3


async def test_a_reply_longer_than_half_the_window_is_not_asked_for() -> None:
    async with stage(only=cloud(sampler=sampler(1000, reply=900)), fits=windowed(1000)) as on:
        await on.ask("only")
        await on.ask("fits")
        assert on.servers["only"].requests[0].max_tokens == 500
        assert on.servers["fits"].requests[0].max_tokens is None


async def test_a_prompt_that_was_cut_silently_is_told_and_not_learned_from(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with stage(only=windowed(16000)) as on:
        server = on.servers["only"]
        server.otherwise = ["Hi.", counted(2040)]
        replies = [await on.ask("only", scene()) for _ in range(3)]
        assert [reply.attempts[0].outcome for reply in replies] == ["answered"] * 3
        assert "2040" in replies[0].attempts[0].detail
        assert "maxContextTokens" in replies[0].attempts[0].hint
        assert len(set(sent(on))) == 1
        assert [record.name for record in caplog.records].count("backends.fitted") == 1
