"""What monitors are told, over a real socket."""

import json
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from fakes.status import Connections
from prometheus_client.parser import text_string_to_metric_families

from bot.config.models import HttpSection
from bot.web.endpoints import Endpoints, PortTaken, listening
from bot.web.exposition import figures
from roleplay.chat import Attempt, ChatReply, Usage
from roleplay.errors import StorageError
from roleplay.health import HealthState, Incident
from roleplay.profiles import ConnectionProfile, Price

DOCS = Path(__file__).parents[3] / "docs" / "monitoring"
PROFILES = {
    "main": ConnectionProfile(name="main", price=Price(input=2.0, output=10.0)),
    "backup": ConnectionProfile(name="backup"),
}


class Watch:
    """One profile is up, the other down."""

    def state(self, profile: str) -> HealthState:
        up = profile == "main"
        return HealthState(profile, "up" if up else "down", latency=0.2 if up else None)

    def incident(self, profile: str) -> Incident | None:
        return Incident(1, profile, 1.0, "timeout", "", "") if profile == "backup" else None


class Site:
    """The endpoints of a program whose database and Discord can be taken away."""

    def __init__(self, *, extra: bool = True) -> None:
        self.database = True
        self.discord = True
        found = figures(
            lambda: PROFILES,
            monitor=Watch(),
            lines=Connections(),
            turns=lambda: 3,
            latency=lambda: 0.05 if self.discord else None,
        )
        assert found
        expose, self.meters = found
        self.endpoints = Endpoints(self.read, lambda: self.discord, expose if extra else None)

    async def read(self) -> None:
        if not self.database:
            raise StorageError("the disk is gone")

    @asynccontextmanager
    async def asked(self) -> AsyncGenerator["Asked"]:
        section = HttpSection(enabled=True, port=0)
        async with listening(self.endpoints, section) as port, aiohttp.ClientSession() as http:
            yield Asked(http, f"http://127.0.0.1:{port}")


class Asked:
    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def get(self, path: str) -> tuple[int, str]:
        async with self._http.get(self._url + path) as answer:
            return answer.status, await answer.text()

    async def value(self, name: str, **labels: str) -> float | None:
        """Of one sample; None where there is none."""
        _, text = await self.get("/metrics")
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        return None


async def test_a_program_that_works_is_alive_and_ready() -> None:
    async with Site().asked() as asked:
        status, text = await asked.get("/healthz")
        assert (status, json.loads(text)) == (200, {"ok": True, "database": True})
        assert (await asked.get("/readyz"))[0] == 200


async def test_without_discord_it_is_alive_and_not_ready() -> None:
    site = Site()
    site.discord = False
    async with site.asked() as asked:
        assert (await asked.get("/healthz"))[0] == 200
        status, text = await asked.get("/readyz")
        assert (status, json.loads(text)["discord"]) == (503, False)


async def test_without_its_database_it_is_neither() -> None:
    site = Site()
    site.database = False
    async with site.asked() as asked:
        assert (await asked.get("/healthz"))[0] == 503
        assert (await asked.get("/readyz"))[0] == 503


async def test_traffic_is_counted_by_profile() -> None:
    site = Site()
    site.meters.attempted(Attempt("main", "answered", 2.0, first_token_seconds=0.4))
    site.meters.attempted(Attempt("main", "timeout", 9.0))
    site.meters.answered(ChatReply("Hello.", "stop", "main", usage=Usage(1_000_000, 100_000)))
    async with site.asked() as asked:
        requests = "roleforge_requests_total"
        assert await asked.value(requests, profile="main", outcome="answered") == 1
        assert await asked.value(requests, profile="main", outcome="timeout") == 1
        assert await asked.value("roleforge_request_seconds_sum", profile="main") == 2.0
        assert await asked.value("roleforge_first_token_seconds_sum", profile="main") == 0.4
        tokens = await asked.value("roleforge_tokens_total", profile="main", side="prompt")
        assert tokens == 1_000_000
        assert await asked.value("roleforge_cost_total", profile="main") == pytest.approx(3.0)


async def test_the_state_of_each_profile_is_told() -> None:
    async with Site().asked() as asked:
        assert await asked.value("roleforge_profile_up", profile="main") == 1
        assert await asked.value("roleforge_profile_up", profile="backup") == 0
        assert await asked.value("roleforge_profile_state", profile="backup", state="down") == 1
        assert await asked.value("roleforge_incident_open", profile="backup") == 1
        assert await asked.value("roleforge_requests_waiting", profile="backup") == 3
        assert await asked.value("roleforge_probe_seconds", profile="backup") is None
        assert await asked.value("roleforge_channels_busy") == 3
        assert await asked.value("roleforge_discord_latency_seconds") == 0.05


async def test_no_label_names_a_person_a_channel_or_a_server() -> None:
    async with Site().asked() as asked:
        _, text = await asked.get("/metrics")
        labels = set(re.findall(r'[{,](\w+)="', text))
        assert labels <= {"profile", "state", "outcome", "side", "le", "version"}


async def test_the_dashboard_and_the_alerts_ask_only_for_what_there_is() -> None:
    site = Site()
    site.meters.attempted(Attempt("main", "answered", 2.0, first_token_seconds=0.4))
    site.meters.answered(ChatReply("Hello.", "stop", "main", usage=Usage(1, 1)))
    async with site.asked() as asked:
        _, text = await asked.get("/metrics")
    told = {
        sample.name for family in text_string_to_metric_families(text) for sample in family.samples
    }
    for name in ("grafana.json", "alerts.yml"):
        wanted = set(re.findall(r"\broleforge_\w+", (DOCS / name).read_text("utf-8")))
        assert wanted
        assert wanted <= told


async def test_without_the_extra_the_metrics_say_what_to_install() -> None:
    async with Site(extra=False).asked() as asked:
        status, text = await asked.get("/metrics")
        assert status == 501
        assert "pip install" in text


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)) as refused:
            async with listening(Site().endpoints, HttpSection(enabled=True, port=port)):
                pass
        assert "http.port" in refused.value.hint


async def test_nothing_listens_unless_it_is_wanted() -> None:
    async with listening(Site().endpoints, HttpSection()) as port:
        assert port is None
