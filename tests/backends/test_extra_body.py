from fakes.listener import listen
from fakes.llm import ScriptedLlm
from pydantic import SecretStr

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler


async def sent(llm: ScriptedLlm, **settings: object) -> dict[str, object]:
    profile = ConnectionProfile(name="ann", baseURL=llm.url, model="m", apiKey=SecretStr("k"))
    async with RemoteServer(profile.model_copy(update=settings), SystemClock()) as server:
        await listen(server)
    return llm.requests[-1].body


async def test_a_profiles_own_keys_are_added_and_win() -> None:
    async with ScriptedLlm() as llm:
        body = await sent(
            llm, extra_body={"temperature": 1, "keep": "5m"}, sampler=Sampler(temperature=0.5)
        )
    assert (body["temperature"], body["keep"]) == (1, "5m")


async def test_objects_are_merged() -> None:
    async with ScriptedLlm() as llm:
        body = await sent(llm, extra_body={"stream_options": {"more": 1}})
    assert body["stream_options"] == {"include_usage": True, "more": 1}


async def test_what_makes_the_request_is_not_replaced() -> None:
    async with ScriptedLlm() as llm:
        body = await sent(llm, extra_body={"messages": [], "model": "x", "stream": False})
    assert (body["model"], body["stream"]) == ("m", True)
    assert body["messages"]


async def test_headers_are_added_to_chat_and_probe() -> None:
    async with ScriptedLlm() as llm:
        profile = ConnectionProfile(
            baseURL=llm.url, model="m", extraHeaders={"X-Team": SecretStr("blue")}
        )
        async with RemoteServer(profile, SystemClock()) as server:
            await listen(server)
            await server.probe()
    assert [seen.headers["x-team"] for seen in (*llm.requests, *llm.asides)] == ["blue", "blue"]
    assert "blue" not in repr(profile)
