"""Every sampler key has one fate at every kind of server, and the report tells it truly."""

from typing import Any

import pytest
from fakes.samplers import FULL, HELLO

from backends.dialects import every, settled
from backends.sampler_report import rows_of, sampler_report
from backends.sampling import Rule, Sampling, chosen, takes, wire_keys
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler


def profile_of(dialect: str, sampler: Sampler) -> ConnectionProfile:
    return settled(ConnectionProfile(type=dialect, model="m", sampler=sampler))


def test_the_full_sampler_sets_every_key() -> None:
    assert chosen(FULL).keys() == Sampler.model_fields.keys()


@pytest.mark.parametrize("name", sorted(every()))
def test_a_table_knows_every_key_and_when_it_was_checked(name: str) -> None:
    sampling = every()[name].sampling(profile_of(name, FULL))
    assert sampling.rules.keys() == Sampler.model_fields.keys()
    assert all(rule.name or rule.why for rule in sampling.rules.values())
    assert sampling.checked.startswith("20")


@pytest.mark.parametrize("name", sorted(every()))
def test_the_report_and_the_request_agree(name: str) -> None:
    profile = profile_of(name, FULL)
    sampling = every()[name].sampling(profile)
    sent = wire_keys(sampling, HELLO, profile)
    fates = {row.key: row.fate for row in sampler_report(profile)}
    assert len(fates) == len(Sampler.model_fields)
    for key, rule in sampling.rules.items():
        fate = fates[Sampler.model_fields[key].alias or key]
        assert fate.startswith("sent") == (bool(rule.name) and rule.name in sent), (key, fate)


@pytest.mark.parametrize("name", sorted(every()))
def test_unset_is_never_sent_nor_reported(name: str) -> None:
    profile = profile_of(name, Sampler())
    assert wire_keys(every()[name].sampling(profile), HELLO, profile) == {}
    assert sampler_report(profile) == ()


def fate(rule: Rule, refused: frozenset[str] = frozenset(), **sampler: Any) -> str:
    """The fate of one key at a made-up server whose table holds this rule for it."""
    [key] = sampler
    sampling = Sampling({**takes(), key: rule}, "2026-11-23", most_stops=2)
    [row] = rows_of(sampling, Sampler.model_validate(sampler), refused)
    return row.fate


def test_a_number_beyond_a_servers_range_is_moved_into_it() -> None:
    assert fate(Rule("t", most=1.5), temperature=2.0) == "sent as t = 1.5"
    assert fate(Rule("t", least=0.01), temperature=0.0) == "sent as t = 0.01"
    assert fate(Rule("temperature", most=1.5), temperature=1.2) == "sent"


def test_the_value_that_means_off_is_left_out_where_it_would_be_refused() -> None:
    rule = Rule("top_p", off=1)
    assert rule.value(1.0) is None
    assert fate(rule, top_p=1.0).startswith("dropped: it is off without it")


def test_a_dropped_key_says_why() -> None:
    assert fate(Rule(why="it is not for today"), seed=3) == "dropped: it is not for today"


def test_what_the_server_refused_is_told() -> None:
    assert fate(Rule("seed"), frozenset({"seed"}), seed=3) == "dropped: the server refused it"


def test_more_stops_than_the_server_takes_are_told() -> None:
    told = fate(Rule("stop"), stop=("a", "b", "c"))
    assert told == "sent (2 of them; all are obeyed here)"


def test_a_key_that_is_no_sampler_cannot_be_in_a_table() -> None:
    with pytest.raises(ValueError, match="tempreature"):
        takes("tempreature")
