from collections.abc import Generator

import pytest
from fakes.llama import running_llama

from roleplay.profiles import ConnectionProfile


@pytest.fixture(scope="session")
def llama_server() -> Generator[ConnectionProfile]:
    """A real llama.cpp server: `base_url`, `api_key` and `model` of the profile are filled in."""
    with running_llama() as profile:
        yield profile
