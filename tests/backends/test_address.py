import pytest

from backends.address import is_local, is_loopback, origin_of, root_of
from backends.timers import Limits
from roleplay.profiles import CLOUD, LOCAL, ConnectionProfile, Timeouts


@pytest.mark.parametrize(
    "host",
    [
        "localhost:11434",
        "127.0.0.1",
        "[::1]:8080",
        "192.168.1.5:5000",
        "10.0.0.2",
        "[fd00::1]",
        "ollama:11434",
        "gpu.local",
        "host.docker.internal",
    ],
)
def test_a_machine_of_ones_own_is_local(host: str) -> None:
    assert is_local(f"http://{host}/v1")


@pytest.mark.parametrize("host", ["api.openai.com", "8.8.8.8", "[2606:4700::1]", "local.host.com"])
def test_a_machine_elsewhere_is_not(host: str) -> None:
    assert not is_local(f"https://{host}/v1")


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("http://localhost/v1")
    assert is_loopback("http://127.0.0.53/v1")
    assert not is_loopback("http://192.168.1.5/v1")


def test_llama_cpps_own_doors_are_beside_v1() -> None:
    assert root_of("http://x:8080/v1/") == "http://x:8080"
    assert root_of("http://x:8080/llama/v1") == "http://x:8080/llama"


def test_an_origin_knows_the_usual_ports() -> None:
    assert origin_of("https://x/v1") == origin_of("https://x:443/models")
    assert origin_of("https://x/v1") != origin_of("http://x/v1")


def test_unset_timeouts_go_by_the_place_and_set_ones_stay() -> None:
    local = Limits(ConnectionProfile(baseURL="http://localhost:1/v1", timeouts=Timeouts(gap=7)))
    cloud = Limits(ConnectionProfile(baseURL="https://api.openai.com/v1"))
    assert (local.first_token, local.gap) == (LOCAL.first_token, 7)
    assert (cloud.first_token, cloud.gap) == (CLOUD.first_token, CLOUD.gap)
