from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from storage.open import Stores, open_stores


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncGenerator[Stores]:
    async with open_stores(tmp_path, now=lambda: 1000.0) as opened:
        yield opened
