"""The endpoints of the whole program, as a monitor asks them."""

import re

import aiohttp
from fakes.stage import Stage


async def test_a_reply_shows_in_the_metrics(stage: Stage) -> None:
    async with stage.playing(http={"enabled": True, "port": 0}) as program:
        await program.prints("Listening at ")
        found = re.search(r"Listening at (\S+) for", program.output)
        assert found
        stage.llm.say("Welcome, Ada.")
        said = stage.discord.say(stage.tavern, stage.ada, "Good evening!")
        await stage.discord.wait_for_reply(stage.tavern, "Welcome, Ada.", after=said)
        async with aiohttp.ClientSession(found[1]) as http:
            async with http.get("/readyz") as ready:
                assert ready.status == 200
            async with http.get("/metrics") as metrics:
                text = await metrics.text()
        assert 'roleforge_requests_total{outcome="answered",profile="main"} 1.0' in text
        assert str(stage.tavern.id) not in text
