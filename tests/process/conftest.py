from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from fakes.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    async with Stage.build(tmp_path) as built:
        yield built
