"""What a probe and a reply add up to."""

from typing import Any

import pytest
from pydantic import SecretStr

from backends.doctor.verdicts import verdicts
from backends.short_reply import ShortReply
from roleplay.checkup import Check
from roleplay.errors import BackendError, BadKey, NoSuchModel, TimedOut
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

HELLO = ShortReply(0.5, "Hello!", "mira-7b-q4", first=0.2)


def judged(
    reply: ShortReply | None = HELLO,
    *,
    model: str = "mira-7b",
    window: int | None = None,
    **up: Any,
) -> dict[str, Check]:
    profile = ConnectionProfile(
        name="main",
        apiKey=SecretStr("sk-made-up"),
        model=model,
        sampler=Sampler(maxContextTokens=window),
    )
    found = ProbeResult("main", up.pop("state", "up"), 0.1, **up)
    return {check.name: check for check in verdicts(profile, found, reply)}


def ended(error: BackendError) -> ShortReply:
    return ShortReply(0.5, error=error)


def test_a_well_profile_is_well() -> None:
    found = judged(models=("mira-7b", "nova"), window=None)
    assert [found[name].outcome for name in ("key", "model", "reply")] == ["ok", "ok", "ok"]
    assert "First token after 0.20 s: Hello!" in found["reply"].detail


def test_a_model_that_answers_under_a_name_nobody_lists_is_worth_a_look() -> None:
    found = judged(model="mira-7", models=("mira-7b", "nova"))
    assert found["model"].outcome == "warning"
    assert "mira-7b-q4" in found["model"].detail
    assert "Closest is mira-7b" in found["model"].hint


def test_a_model_that_is_not_there_is_wrong_once() -> None:
    found = judged(ended(NoSuchModel("No such model", hint="Take nova.")), models=("nova",))
    assert (found["model"].outcome, found["model"].hint) == ("error", "Take nova.")
    assert found["reply"].outcome == "skipped"


def test_ollamas_tag_for_the_latest_is_the_same_model() -> None:
    assert judged(models=("mira-7b:latest",))["model"].outcome == "ok"


@pytest.mark.parametrize(("models", "outcome"), [(("one",), "ok"), (("a", "b"), "warning")])
def test_without_a_name_only_a_choice_is_worth_a_look(
    models: tuple[str, ...], outcome: str
) -> None:
    assert judged(model="", models=models)["model"].outcome == outcome


def test_a_key_that_only_the_reply_refuses_is_the_keys_fault() -> None:
    found = judged(ended(BadKey("HTTP 401", hint="Look for a typo.")), models=("mira-7b",))
    assert (found["key"].outcome, found["key"].hint) == ("error", "Look for a typo.")
    assert found["reply"].outcome == "skipped"


def test_a_key_that_the_probe_refuses_stops_there() -> None:
    found = judged(None, state="down", code="bad_key", detail="HTTP 401", hint="A typo?")
    assert found["key"].outcome == "error"
    assert {found[name].outcome for name in ("model", "window", "reply")} == {"skipped"}


def test_a_reply_that_never_comes_is_wrong_and_its_key_open() -> None:
    found = judged(ended(TimedOut("No token came.", timer="first_token")), models=("mira-7b",))
    assert (found["reply"].outcome, found["key"].outcome) == ("error", "skipped")


def test_a_window_wider_than_the_servers_is_worth_a_look() -> None:
    profile = ConnectionProfile(name="main", sampler=Sampler(maxContextTokens=8192))
    found = ProbeResult("main", "up", 0.1, window=4096)
    window = next(check for check in verdicts(profile, found, HELLO) if check.name == "window")
    assert window.outcome == "warning"
    assert "Set maxContextTokens of main to 4096 or less" in window.hint


@pytest.mark.parametrize(("wanted", "served"), [(4096, 8192), (4096, 4096), (None, 4096)])
def test_a_window_that_fits_is_well(wanted: int | None, served: int) -> None:
    profile = ConnectionProfile(name="main", sampler=Sampler(maxContextTokens=wanted))
    found = ProbeResult("main", "up", 0.1, window=served)
    assert verdicts(profile, found, HELLO)[2].outcome == "ok"
