import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from backends.classify import classify
from backends.dialect import Refusal
from roleplay.errors import (
    BackendError,
    BadKey,
    BadParameter,
    BadResponse,
    ContextOverflow,
    Filtered,
    Forbidden,
    Loading,
    NoSuchModel,
    OutOfCredit,
    Overloaded,
    RateLimited,
    RequestTooBig,
    ServerFailed,
)
from roleplay.profiles import ConnectionProfile

PROFILE = ConnectionProfile(
    name="ann",
    baseURL="https://api.example.com/v1",
    model="some-model",
    apiKey=SecretStr("a-key-that-ends-in-wxyz"),
)


def of(status: int, body: object, headers: dict[str, str] | None = None) -> BackendError:
    text = body if isinstance(body, str) else json.dumps(body)
    refusal = Refusal(status, text, headers or {}, f"{PROFILE.base_url}/chat/completions")
    return classify(refusal, PROFILE, 1_800_000_000.0)


def openai(message: str, **fields: object) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", **fields}}


def anthropic(kind: str, message: str = "no") -> dict[str, object]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "r"}


WORDINGS: list[tuple[int, object, type[BackendError]]] = [
    (401, openai("Incorrect API key", code="invalid_api_key"), BadKey),
    (401, {"detail": {"msg": "no", "type": "unauthorized"}}, BadKey),
    (401, {"detail": "Unauthorized"}, BadKey),
    (
        401,
        {"error": {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}},
        BadKey,
    ),
    (400, {"error": {"message": "No api key passed in.", "code": "400"}}, BadKey),
    (403, anthropic("permission_error"), Forbidden),
    (403, openai("Your country, region, or territory is not supported"), Forbidden),
    (429, openai("You exceeded your current quota", code="insufficient_quota"), OutOfCredit),
    (400, anthropic("invalid_request_error", "Your credit balance is too low"), OutOfCredit),
    (402, openai("Insufficient Balance", type="unknown_error"), OutOfCredit),
    (402, {"error": "You have exceeded your monthly included credits"}, OutOfCredit),
    (404, openai("The model `x` does not exist", code="model_not_found"), NoSuchModel),
    (404, {"error": 'model "x" not found, try pulling it first'}, NoSuchModel),
    (
        404,
        {
            "object": "error",
            "message": "The model `x` does not exist.",
            "type": "NotFoundError",
            "code": 404,
        },
        NoSuchModel,
    ),
    (404, anthropic("not_found_error", "model: x not found"), NoSuchModel),
    (
        400,
        {"error": {"message": "not supported by any provider", "code": "model_not_supported"}},
        NoSuchModel,
    ),
    (404, {"error": {"message": "No models loaded. Please load a model"}}, NoSuchModel),
    (503, {"detail": "No model is loaded"}, NoSuchModel),
    (404, {"detail": "Not Found"}, BadResponse),
    (
        404,
        {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}},
        BadResponse,
    ),
    (400, openai("too long", code="context_length_exceeded"), ContextOverflow),
    (
        400,
        anthropic("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"),
        ContextOverflow,
    ),
    (
        422,
        {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096", "error_type": "validation"},
        ContextOverflow,
    ),
    (
        400,
        {"error": {"message": "x", "metadata": {"error_type": "context_length_exceeded"}}},
        ContextOverflow,
    ),
    (400, openai("messages[0] too long", code="string_above_max_length"), BadParameter),
    (429, openai("slow", code="slow_down"), RateLimited),
    (429, [{"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED"}}], RateLimited),
    (
        429,
        openai("Request too large for gpt: Limit 9, Requested 99", code="rate_limit_exceeded"),
        RequestTooBig,
    ),
    (413, openai("m", code="rate_limit_exceeded", type="tokens"), RequestTooBig),
    (400, openai("x", code="content_policy_violation"), Filtered),
    (529, anthropic("overloaded_error"), Overloaded),
    (
        503,
        {"error": "server busy, please try again. maximum pending requests exceeded"},
        Overloaded,
    ),
    (
        503,
        {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}},
        Loading,
    ),
    (500, {"error": "model requires more system memory (9 GiB)"}, ServerFailed),
    (500, "", ServerFailed),
    (424, {"error": "Request failed during generation", "error_type": "generation"}, ServerFailed),
    (
        400,
        openai("Unsupported parameter: 'stop' is not supported", code="unsupported_parameter"),
        BadParameter,
    ),
    (422, {"detail": [{"loc": ["body", "top_p"], "msg": "must be < 1"}]}, BadParameter),
    (410, {"error": "use https://router.huggingface.co instead"}, BadResponse),
    (400, "Client sent an HTTP request to an HTTPS server.", BadResponse),
    (200, {"error": {"code": 429, "message": "slow down"}}, RateLimited),
    (200, {"error": "Unexpected endpoint or method."}, BadResponse),
    (200, "<!DOCTYPE html><title>UI</title>", BadResponse),
    (502, "<html><title>502 Bad Gateway</title></html>", ServerFailed),
]


@pytest.mark.parametrize(("status", "body", "kind"), WORDINGS)
def test_every_servers_wording_has_its_class_and_a_hint(
    status: int, body: object, kind: type[BackendError]
) -> None:
    error = of(status, body)
    assert type(error) is kind
    assert error.hint
    assert error.status == status


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        (
            {
                "error": {
                    "code": 400,
                    "message": "request (4506 tokens) exceeds the available context size (4096)",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 4506,
                    "n_ctx": 4096,
                }
            },
            (4506, 4096),
        ),
        (
            openai(
                "This model's maximum context length is 4097 tokens. However, your messages "
                "resulted in 5000 tokens."
            ),
            (5000, 4097),
        ),
        (
            anthropic("invalid_request_error", "prompt is too long: 209 tokens > 200 maximum"),
            (209, 200),
        ),
        (openai("maximum context length is 2048 tokens"), (None, 2048)),
    ],
)
def test_an_overflow_keeps_the_servers_numbers(
    body: object, numbers: tuple[int | None, int | None]
) -> None:
    error = of(400, body)
    assert isinstance(error, ContextOverflow)
    assert (error.prompt_tokens, error.window) == numbers
    assert str(numbers[1]) in error.hint


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (openai("no", param="stop", code="unsupported_parameter"), "stop"),
        (openai("Unrecognized request argument supplied: top_k"), "top_k"),
        (openai("Unsupported value: 'temperature' does not support 0.2"), "temperature"),
        ({"detail": [{"loc": ["body", "top_p"], "msg": "must be < 1"}]}, "top_p"),
        ([{"error": {"message": 'Unknown name "seed": Cannot find field.'}}], "seed"),
    ],
)
def test_the_parameter_that_was_refused_is_named(body: object, name: str) -> None:
    error = of(400, body)
    assert isinstance(error, BadParameter)
    assert error.parameter == name
    assert name in error.hint


def test_of_a_rejected_key_only_the_end_is_shown() -> None:
    error = of(401, openai("Incorrect API key provided: a-key-that-ends-in-wxyz"))
    assert "wxyz" in error.hint
    assert "a-key" not in f"{error}{error.hint}"


def test_a_missing_key_is_told_from_a_wrong_one() -> None:
    keyless = PROFILE.model_copy(update={"api_key": None})
    refusal = Refusal(401, "", {}, "https://api.example.com/v1/models")
    assert "has no apiKey" in classify(refusal, keyless, 0).hint


def test_the_servers_own_word_decides_whether_to_try_again() -> None:
    assert of(500, "").retryable
    assert not of(500, "", {"x-should-retry": "false"}).retryable


def test_a_pause_that_is_asked_for_is_kept() -> None:
    assert of(429, "", {"retry-after": "7"}).retry_after == 7


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "error",
                    "detail",
                    "message",
                    "msg",
                    "code",
                    "type",
                    "loc",
                    "param",
                    "metadata",
                    "details",
                    "status",
                    "n_ctx",
                    "reason",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(status=st.integers(200, 599), body=JSON)
def test_any_json_gives_a_class_and_a_hint(status: int, body: object) -> None:
    error = of(status, body)
    assert str(error)
    assert error.hint


@given(status=st.integers(200, 599), body=st.text(max_size=200))
def test_any_text_gives_a_class_and_a_hint(status: int, body: str) -> None:
    error = of(status, body)
    assert str(error)
    assert error.hint


def test_a_body_nested_without_end_gives_a_class() -> None:
    assert type(of(400, "[" * 60_000)) is BadParameter
