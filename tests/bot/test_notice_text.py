from dataclasses import replace

import pytest

from bot import notice_text
from bot.digest_text import digest
from bot.notice_text import Told
from roleplay.affected import Affected
from roleplay.health import HealthState
from roleplay.incidents import Incident, Member

INCIDENT = Incident(
    7, "local_llama", 1_800_000_000.4, "unreachable", "[Errno 111] refused", "Start the server."
)


def test_an_outage_says_what_why_since_when_and_who_answers() -> None:
    concerned = Affected({"backup": (10, 11), None: (12,)}, backup=(13,))
    embed = notice_text.opened(INCIDENT, concerned)
    assert embed.title == "`local_llama` is down"
    assert embed.colour is not None
    assert embed.colour.value == 15158332
    assert embed.description == (
        "Nothing answers at its address.\n`[Errno 111] refused`\nSince <t:1800000000:R>."
    )
    assert [(field.name, field.value) for field in embed.fields] == [
        ("What helps", "Start the server."),
        (
            "Here",
            """<#10>, <#11>: `backup` answers instead.
<#12>: no answers until it is back.
<#13>: one fallback less.""",
        ),
    ]


def test_a_flapping_profile_says_so() -> None:
    text = notice_text.opened(INCIDENT, Affected({}, default=True), Told(outages=3)).description
    assert "This is outage 3 within an hour." in (text or "")


def test_hundreds_of_channels_fit_into_the_embed() -> None:
    many = tuple(range(10**18, 10**18 + 300))
    concerned = Affected({f"profile-{n}": many for n in range(10)}, backup=many)
    embed = notice_text.opened(INCIDENT, concerned)
    assert len(embed.fields[-1].value or "") <= 1024


def test_the_end_tells_the_downtime() -> None:
    embed = notice_text.closed(replace(INCIDENT, closed_at=1_800_003_900.0))
    assert embed.title == "`local_llama` is back"
    assert embed.colour is not None
    assert embed.colour.value == 3066993
    assert "down for **1 h 4 min**" in (embed.description or "")


def test_a_profile_that_was_removed_is_not_called_back() -> None:
    embed = notice_text.closed(replace(INCIDENT, closed_at=1_800_003_900.0), removed=True)
    assert embed.title == "`local_llama` was removed"


def members(*names: str, well: tuple[str, ...] = ()) -> Incident:
    both = tuple(
        Member(name, 1_800_000_000.0, "unreachable", recovered_at=1.9e9 if name in well else None)
        for name in names
    )
    return replace(INCIDENT, host="gpu-box", members=both)


def said(incident: Incident, told: Told) -> str:
    return notice_text.opened(incident, Affected({}, default=True), told).description or ""


def test_profiles_that_share_a_host_share_the_notice() -> None:
    shared = members("a", "b", "c", "d", "e", "f", well=("f",))
    embed = notice_text.opened(shared, Affected({}, default=True))
    assert embed.title == "`a`, `b`, `c`, `d` and 1 more are down"
    assert "They share the host `gpu-box`." in (embed.description or "")
    assert "Well again: `f`." in (embed.description or "")
    assert notice_text.opened(members("a", "b"), Affected({})).title == "`a` and `b` are down"


def test_a_server_reads_only_of_profiles_that_it_uses() -> None:
    embed = notice_text.opened(members("a", "b"), Affected({}), Told(profiles=("b",)))
    assert embed.title == "`b` is down"
    assert "`a`" not in (embed.description or "")


def test_what_a_check_found_out_is_told() -> None:
    host = HealthState("a", "down", host=True, refused_at=5.0)
    assert "Its host answers, but the model does not." in said(INCIDENT, Told(state=host))
    listed = replace(host, model=False)
    assert "the model is not in its list" in said(INCIDENT, Told(state=listed))


def test_an_unstable_profile_says_what_it_needs() -> None:
    assert "It is unstable" in said(INCIDENT, Told(outages=5, checks=8))
    assert "after 8 good checks in a row" in said(INCIDENT, Told(outages=5, checks=8))


def test_maintenance_and_who_takes_care_are_told() -> None:
    told = Told(planned=1_800_000_600.0, seen_by=7, muted_until=float("inf"))
    embed = notice_text.opened(INCIDENT, Affected({}), told)
    assert "Planned maintenance until <t:1800000600:t>." in (embed.description or "")
    assert embed.fields[-1].value == "<@7> has seen it.\nMuted until it is back."


def test_the_end_tells_what_became_of_messages() -> None:
    over = replace(INCIDENT, closed_at=1_800_003_900.0)
    text = notice_text.closed(over, told=Told(elsewhere=12, unanswered=3)).description or ""
    assert "12 answered by another profile, 3 not answered" in text


def test_hundreds_of_outages_fit_into_a_digest() -> None:
    many = [replace(INCIDENT, id=n, profile=f"profile-{n:03}" * 4) for n in range(300)]
    embed = digest(many)
    assert embed.title == "300 profiles are down"
    assert len(embed.description or "") <= 4096
    assert "more" in (embed.description or "")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (7800, "2 h 10 min"),
        (86400, "1 d"),
        (273600, "3 d 4 h"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert notice_text.duration(seconds) == text
