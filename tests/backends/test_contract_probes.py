"""What every dialect must find out for free."""

from fakes.listener import listen
from fakes.llm import (
    fail,
    hang,
)
from fakes.talk import Talk

from roleplay.profiles import Timeouts


async def test_the_probe_says_up_starting_and_down(talk: Talk) -> None:
    async with talk.server() as server:
        up = await server.probe()
        talk.llm.sick(fail(503, {"error": {"message": "Loading model"}}))
        starting = await server.probe()
        talk.llm.sick(fail(401))
        down = await server.probe()
    assert (up.state, up.models, up.code) == ("up", ("scripted",), "")
    assert (starting.state, starting.code) == ("starting", "loading")
    assert (down.state, down.code) == ("down", "bad_key")
    assert down.hint
    assert talk.llm.requests == []


async def test_a_probe_waits_no_longer_than_its_own_time(talk: Talk) -> None:
    talk.llm.sick(hang())
    async with talk.server(timeouts=Timeouts(probe=0.1)) as server:
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "timeout")


async def test_without_a_model_the_servers_first_is_used_and_remembered(talk: Talk) -> None:
    talk.llm.models = ["first", "second"]
    async with talk.server(model="") as server:
        await listen(server)
        asked = len(talk.llm.asides)
        await listen(server)
    assert [seen.body["model"] for seen in talk.llm.requests] == ["first", "first"]
    assert len(talk.llm.asides) == asked


async def test_a_remembered_model_that_has_gone_is_asked_for_again(talk: Talk) -> None:
    async with talk.server(model="") as server:
        await listen(server)
        talk.llm.models = ["other"]
        talk.llm.fail(404, code="model_not_found")
        heard = await listen(server)
    assert heard.text == "Hello"
    assert [seen.body["model"] for seen in talk.llm.requests] == ["scripted", "scripted", "other"]
