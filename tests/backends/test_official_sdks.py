"""OpenAI's own SDK as a second client of our fake: one that drifts from the protocol fails here."""

from typing import Any

import pytest
from fakes.listener import HELLO, listen
from fakes.llm import ScriptedLlm, fail, whole
from fakes.talk import KEY, Talk
from fakes.voices import CHAT_COMPLETIONS
from openai import APIStatusError, AsyncOpenAI, AuthenticationError, RateLimitError

from roleplay.sampler import Sampler

MESSAGES: Any = [{"role": "user", "content": "Ann: Hello"}]


async def test_it_reads_a_streamed_reply() -> None:
    async with ScriptedLlm() as llm, AsyncOpenAI(api_key=KEY, base_url=llm.url) as client:
        asked = await client.chat.completions.create(
            model="scripted", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in asked]
    choices = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == "Hello there."
    assert choices[-1].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.prompt_tokens == 7


async def test_it_reads_a_whole_reply_and_the_list_of_models() -> None:
    async with ScriptedLlm() as llm, AsyncOpenAI(api_key=KEY, base_url=llm.url) as client:
        llm.next(whole("Hello"))
        reply = await client.chat.completions.create(model="scripted", messages=MESSAGES)
        models = [model.id async for model in client.models.list()]
    assert reply.choices[0].message.content == "Hello"
    assert models == ["scripted"]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "invalid_api_key", AuthenticationError),
        (429, "insufficient_quota", RateLimitError),
    ],
)
async def test_it_reads_an_error(status: int, code: str, kind: type[APIStatusError]) -> None:
    async with ScriptedLlm() as llm:
        llm.next(fail(status, code=code))
        async with AsyncOpenAI(api_key=KEY, base_url=llm.url, max_retries=0) as client:
            with pytest.raises(kind) as caught:
                await client.chat.completions.create(model="scripted", messages=MESSAGES)
    assert caught.value.code == code


async def test_our_request_is_the_one_it_would_send() -> None:
    async with ScriptedLlm() as llm:
        async with AsyncOpenAI(api_key=KEY, base_url=llm.url) as client:
            asked = await client.chat.completions.create(
                model="scripted",
                messages=MESSAGES,
                temperature=0.7,
                max_tokens=50,
                stop=["User:"],
                response_format={"type": "json_object"},
                stream=True,
                stream_options={"include_usage": True},
            )
            assert [chunk async for chunk in asked]
        sampler = Sampler(
            temperature=0.7, max_completion_tokens=50, stop=("User:",), forceJson=True
        )
        async with Talk(llm, CHAT_COMPLETIONS, "openai").server(sampler=sampler) as server:
            await listen(server, HELLO)
    theirs, ours = llm.requests
    assert (ours.path, ours.body) == (theirs.path, theirs.body)
    assert ours.headers["authorization"] == theirs.headers["authorization"]
