import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.profiles.fields import Body, Fields, KeyTyped, NotAForm, body_of, fields_of
from roleplay.errors import ConfigError


def test_a_profile_survives_its_form() -> None:
    body: Body = {
        "type": "openai",
        "baseURL": "${HOST:-http://localhost:1}/v1",
        "model": "m",
        "apiKey": "${MY_KEY}",
        "fallbackProfiles": ["a", "b.c"],
        "sampler": {"temperature": 0.8},
    }
    assert body_of(fields_of(body)) == body
    assert body_of(Fields()) == {}


@pytest.mark.parametrize(
    "fields",
    [
        Fields(key="sk-canary-1234567890"),
        Fields(key="short"),
        Fields(key="${KEY:-sk-canary-1234567890}"),
        Fields(key="Bearer ${KEY}"),
        Fields(model="sk-canary-1234567890"),
        Fields(address="https://ada:canary@llm.example/v1"),
        Fields(further='{"sampler": {"stop": ["sk-canary-1234567890"]}}'),
    ],
)
def test_a_key_that_is_typed_is_refused_and_never_repeated(fields: Fields) -> None:
    with pytest.raises(KeyTyped) as caught:
        body_of(fields)
    assert "canary" not in f"{caught.value}{caught.value.hint}"
    assert "revoke" in caught.value.hint


def test_a_key_that_the_config_spells_out_does_not_reach_the_form() -> None:
    assert fields_of({"apiKey": "sk-canary-1234567890"}) == Fields()
    with pytest.raises(KeyTyped):
        fields_of({"baseURL": "https://ada:canary@llm.example/v1"})


def test_further_keys_are_one_object_and_none_of_the_forms_own() -> None:
    for text in ("[]", '{"a": 1, "a": 2}', '{"apiKey": "${KEY}"}', '{"model": "m"}'):
        with pytest.raises(NotAForm):
            body_of(Fields(further=text))
    with pytest.raises(ConfigError, match="further keys:1:2"):
        body_of(Fields(further="{"))


def test_what_is_too_long_for_a_form_is_said() -> None:
    with pytest.raises(NotAForm):
        fields_of({"sampler": {"stop": ["x" * 4000]}})


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_gives_a_body_or_a_reason(key: str, further: str) -> None:
    try:
        body = body_of(Fields(key=key, further=further))
    except (KeyTyped, NotAForm, ConfigError) as error:
        reason = str(error)
        assert reason
    else:
        json.dumps(body)
