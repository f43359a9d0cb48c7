import pytest

from backends.retry_after import retry_after, should_retry

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:10 GMT"}, 10.0),
        (
            {
                "retry-after": "Mon, 01 Jan 2024 00:00:30 GMT",
                "date": "Mon, 01 Jan 2024 00:00:00 GMT",
            },
            30.0,
        ),
        ({"retry-after": "Mon, 01 Jan 2024 00:00:30 GMT"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "86400"}, 86400.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}, 360.0),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "1s"}, None),
        ({}, None),
    ],
)
def test_the_header_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, "", NOW) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("Rate limit reached. Please try again in 4.77s. Visit ...", 4.77),
        ("Please try again in 9m38.016s.", 578.016),
        ("Try again in 120ms", 0.12),
        ("retry after 20 seconds", 20.0),
        ('{"details": [{"retryDelay": "27s"}]}', 27.0),
        ('{"error": "loading", "estimated_time": 20.0}', 20.0),
        ("try again later", None),
    ],
)
def test_the_text_is_read_where_no_header_tells(body: str, seconds: float | None) -> None:
    assert retry_after({}, body, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(("said", "meant"), [("true", True), ("False", False), ("", None)])
def test_the_servers_own_word_on_retrying_is_known(said: str, meant: bool | None) -> None:  # noqa: FBT001
    assert should_retry({"x-should-retry": said}) is meant
