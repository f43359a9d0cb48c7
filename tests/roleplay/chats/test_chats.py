import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.chats.chat import Chat, ChatLine
from roleplay.chats.dates import read_date, write_date
from roleplay.chats.formats import Look, every, write_file
from roleplay.chats.read import read_chat
from roleplay.errors import ChatError

HEADER = {"user_name": "Ann", "character_name": "Mira", "chat_metadata": {"note_prompt": "rain"}}
GREETING: dict[str, Any] = {
    "name": "Mira",
    "is_user": False,
    "is_system": False,
    "send_date": "June 19, 2023 2:20pm",
    "mes": "*waves* Welcome.",
    "swipe_id": 1,
    "swipes": ["Hello.", "*waves* Welcome."],
    "swipe_info": [{"send_date": 1, "extra": {}}, {"send_date": 2, "extra": {"api": "x"}}],
    "extra": {"gen_id": 7, "model": "m"},
}
ANSWER: dict[str, Any] = {
    "name": "Ann",
    "is_user": True,
    "send_date": 1700000000000,
    "mes": "<b>Hi</b>",
    "x": [1],
}
NOTE = {"name": "Note", "is_user": False, "is_system": True, "mes": "out of character"}


def jsonl(*objects: object) -> bytes:
    return "\n".join(json.dumps(each) for each in objects).encode()


def objects(data: bytes) -> list[Any]:
    return [json.loads(line) for line in data.decode().split("\n") if line.strip()]


def test_a_chat_of_sillytavern_is_read() -> None:
    chat = read_chat(jsonl(HEADER, GREETING, ANSWER, NOTE), "a.jsonl")
    assert (chat.user, chat.character) == ("Ann", "Mira")
    greeting, answer, note = chat.lines
    assert greeting.swipes == ("Hello.", "*waves* Welcome.")
    assert greeting.swipe == 1
    assert answer.is_user
    assert answer.said_at == 1700000000
    assert note.hidden
    assert chat.characters == ("Mira",)


def test_what_was_exported_and_imported_again_is_equal_with_unknown_fields() -> None:
    first = jsonl(HEADER, GREETING, ANSWER, NOTE)
    again = write_file(read_chat(first, "a.jsonl"), "jsonl")
    assert objects(again)[:3] == objects(first)[:3]
    assert read_chat(again, "a.jsonl") == read_chat(first, "a.jsonl")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.text(min_size=1, max_size=12)


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    swipes = draw(st.lists(st.text(max_size=20), min_size=1, max_size=4))
    chosen = draw(st.integers(0, len(swipes) - 1))
    base: dict[str, Any] = draw(
        st.dictionaries(st.sampled_from(["extra", "title", "gen"]), json_values)
    )
    base |= {"name": draw(names), "is_user": draw(st.booleans()), "is_system": draw(st.booleans())}
    dates = st.sampled_from(["2024-01-02@03h04m05s", "2024-05-01T10:00:00.123Z", 1700000000000, ""])
    base |= {"mes": swipes[chosen], "send_date": draw(dates)}
    if draw(st.booleans()):
        base |= {"swipes": swipes, "swipe_id": chosen, "swipe_info": [{} for _ in swipes]}
    return base


@settings(max_examples=60)
@given(st.dictionaries(names, json_values), st.lists(messages(), max_size=5))
def test_every_chat_survives_a_round_trip(rest: dict[str, Any], said: list[dict[str, Any]]) -> None:
    header = {key: value for key, value in rest.items() if key != "mes"} | HEADER
    data = jsonl(header, *said)
    assert objects(write_file(read_chat(data, "a.jsonl"), "jsonl")) == objects(data)


def test_a_changed_text_is_written_and_the_rest_is_kept() -> None:
    greeting = read_chat(jsonl(HEADER, GREETING), "a.jsonl").lines[0]
    new = ChatLine("Mira", "New.", False, False, greeting.said_at, ("New.",), 0, greeting.data)
    written = objects(write_file(Chat((new,)), "jsonl"))[1]
    assert written["mes"] == "New."
    assert written["swipes"] == ["New."]
    assert written["extra"] == GREETING["extra"]
    assert written["send_date"] == GREETING["send_date"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "a.jsonl is empty"),
        (jsonl(HEADER) + b"\n{oops", "a.jsonl:2"),
        (jsonl(HEADER, [1]), "a.jsonl:2: it is no JSON object"),
        (jsonl(HEADER, ANSWER, {"name": "Ann", "mes": 4}), "a.jsonl:3: mes"),
        (jsonl(HEADER, {"name": 4, "mes": "x"}), "a.jsonl:2: name"),
        (jsonl(HEADER, {"mes": "x", "swipes": [1]}), "a.jsonl:2: swipes"),
        (jsonl(HEADER, {"mes": "x", "is_user": "maybe"}), "a.jsonl:2: is_user"),
        (jsonl(HEADER) + b"\n" + b"[" * 100_000, "a.jsonl:2"),
    ],
)
def test_what_is_wrong_names_file_line_and_key(data: bytes, place: str) -> None:
    with pytest.raises(ChatError) as raised:
        read_chat(data, "a.jsonl")
    assert place in str(raised.value)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2023-6-25 @21h 18m 11s 590ms", "2023-06-25T21:18:11.590Z"),
        ("2024-01-02@03h04m05s", "2024-01-02T03:04:05.000Z"),
        ("June 19, 2023 2:20pm", "2023-06-19T14:20:00.000Z"),
        ("Jun 9, 2023 12:05am", "2023-06-09T00:05:00.000Z"),
        ("2024-05-01T10:00:00.123Z", "2024-05-01T10:00:00.123Z"),
        (1700000000000, "2023-11-14T22:13:20.000Z"),
        ("1700000000000", "2023-11-14T22:13:20.000Z"),
        (1700000000, "2023-11-14T22:13:20.000Z"),
    ],
)
def test_every_way_of_writing_a_date_is_understood(written: object, iso: str) -> None:
    found = read_date(written)
    assert found is not None
    assert write_date(found) == iso


@pytest.mark.parametrize(
    "junk", ["soon", None, True, -1, [], "2023-99-99@00h00m00s", 10**30, "1" * 40]
)
def test_a_date_that_is_none_is_left_open(junk: object) -> None:
    assert read_date(junk) is None


def test_markdown_shows_who_said_what_and_leaves_out_what_is_hidden() -> None:
    chat = read_chat(jsonl(HEADER, GREETING, ANSWER, NOTE), "a.jsonl")
    shown = write_file(chat, "markdown").decode()
    assert shown.startswith("# Mira\n\n**Mira** · 2023-06-19 14:20\n\n*waves* Welcome.\n")
    assert "out of character" not in shown
    assert "out of character" in write_file(chat, "markdown", Look(hidden=True)).decode()


def test_html_is_one_page_that_runs_nothing() -> None:
    hostile = ChatLine(
        '<script>alert("x")</script>', "<img src=x onerror=1> *waves* **loud**", True
    )
    chat = Chat((hostile,), title="</title><script>1</script>")
    png = b"\x89PNG\r\n\x1a\n"
    page = write_file(chat, "html", Look({hostile.name: png})).decode()
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "<em>waves</em> <strong>loud</strong>" in page
    assert 'url("data:image/png;base64,' in page
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page


def test_a_picture_that_is_none_becomes_a_letter() -> None:
    chat = Chat((ChatLine("mira", "Hello.", False),))
    page = write_file(chat, "html", Look({"mira": b"<svg onload=1>"})).decode()
    assert "<svg" not in page
    assert ">M</div>" in page


def test_the_formats_are_found_in_their_folder() -> None:
    assert {form.SUFFIX for form in every().values()} == {".jsonl", ".md", ".html"}
