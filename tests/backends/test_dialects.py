from pathlib import Path

import pytest

from backends.dialects import dialect_for, every, settled, types
from roleplay.errors import BackendError
from roleplay.profiles import ConnectionProfile

TESTS = Path(__file__).parent / "dialects"


@pytest.mark.parametrize("name", sorted(every()))
def test_every_dialect_has_its_test_module(name: str) -> None:
    assert (TESTS / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", sorted(every()))
def test_the_first_type_of_a_dialect_is_its_modules_name(name: str) -> None:
    assert every()[name].names[0] == name


def test_no_type_is_served_twice() -> None:
    assert len(set(types())) == len(types())


def test_an_embedded_profile_is_served_by_llama_cpp() -> None:
    assert dialect_for(ConnectionProfile(type="embedded")).names[0] == "llamacpp"


def test_an_unknown_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BackendError) as caught:
        dialect_for(ConnectionProfile(type="olama"))
    assert "llamacpp" in caught.value.hint


def test_a_profile_without_an_address_gets_its_types() -> None:
    assert settled(ConnectionProfile()).base_url == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("https://api.mistral.ai/v1", "mistral"),
        ("https://router.huggingface.co/v1", "huggingface"),
        ("https://api.deepseek.com/v1", "deepseek"),
        ("http://127.0.0.1:5000/v1", "openai"),
        ("https://llm.example/v1", "openai"),
    ],
)
def test_the_type_openai_knows_services_by_their_host(address: str, service: str) -> None:
    assert dialect_for(ConnectionProfile(baseURL=address)).names[0] == service


def test_a_closing_slash_does_not_double() -> None:
    assert settled(ConnectionProfile(baseURL="http://x/v1/")).base_url == "http://x/v1"
