from collections.abc import AsyncGenerator

import pytest
from fakes.llm import ScriptedLlm, frames
from fakes.talk import Talk
from fakes.voices import voice_of

from backends.dialects import every


@pytest.fixture(params=sorted(every()))
async def talk(request: pytest.FixtureRequest) -> AsyncGenerator[Talk]:
    """Every dialect in turn."""
    voice = voice_of(request.param)
    async with ScriptedLlm() as llm:
        llm.answers |= voice.answers
        llm.otherwise = frames(*voice.reply("Hel", "lo"))
        yield Talk(llm, voice, request.param)
