from dataclasses import replace

import pytest

from bot import notice_text
from roleplay.affected import Affected
from roleplay.health import Incident

INCIDENT = Incident(
    7, "local_llama", 1_800_000_000.4, "unreachable", "[Errno 111] refused", "Start the server."
)


def test_an_outage_says_what_why_since_when_and_who_answers() -> None:
    concerned = Affected({"backup": (10, 11), None: (12,)}, backup=(13,))
    embed = notice_text.opened(INCIDENT, concerned, outages=1)
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
    text = notice_text.opened(INCIDENT, Affected({}, default=True), outages=3).description
    assert "This is outage 3 within an hour." in (text or "")


def test_hundreds_of_channels_fit_into_the_embed() -> None:
    many = tuple(range(10**18, 10**18 + 300))
    concerned = Affected({f"profile-{n}": many for n in range(10)}, backup=many)
    embed = notice_text.opened(INCIDENT, concerned, outages=1)
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
