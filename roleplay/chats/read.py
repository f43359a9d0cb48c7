"""A chat out of SillyTavern's JSONL."""

from collections.abc import Iterator
from typing import Any

from roleplay.chats.chat import Chat, ChatLine
from roleplay.chats.dates import read_date
from roleplay.errors import ChatError
from roleplay.phrases import say
from roleplay.untrusted import list_in, mapping_in, read_json

LARGEST = 64 * 1024 * 1024
"""Bytes of a file."""

MOST_LINES = 200_000


def read_chat(data: bytes, where: str) -> Chat:
    """The chat in a file called `where`. A header may be missing; empty lines are passed over.

    Raises:
        ChatError: it names the file, the line and the key.
    """
    if len(data) > LARGEST:
        raise ChatError(
            say("{file} is larger than {most} MB.", file=where, most=LARGEST // 1024**2),
            hint=say("Cut the beginning of the chat off and import the rest."),
        )
    header: dict[str, Any] = {}
    lines: list[ChatLine] = []
    for number, found in _objects(data, where):
        if not lines and not header and "mes" not in found:
            header = found
        else:
            lines.append(_line(found, where, number))
    if not header and not lines:
        raise ChatError(say("{file} is empty.", file=where), hint=_what())
    return Chat(
        tuple(lines), _name(header, "user_name"), _name(header, "character_name"), "", header
    )


def _objects(data: bytes, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    written = [
        (number, line)
        for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1)
        if line.strip()
    ]
    if len(written) > MOST_LINES:
        raise ChatError(
            say("{file} has more than {most} messages.", file=where, most=MOST_LINES),
            hint=say("Cut the beginning of the chat off and import the rest."),
        )
    for number, line in written:
        yield number, _object(line, where, number)


def _object(line: bytes, where: str, number: int) -> dict[str, Any]:
    try:
        found = mapping_in(read_json(line))
    except ValueError as exc:
        raise _wrong(where, number, "", str(exc)) from exc
    if found is None:
        raise _wrong(where, number, "", say("it is no JSON object"))
    return found


def _line(found: dict[str, Any], where: str, number: int) -> ChatLine:
    text = found.get("mes")
    if not isinstance(text, str):
        raise _wrong(where, number, "mes", say("it must be text"))
    swipes = _swipes(found, where, number)
    return ChatLine(
        name=_spoken_by(found, where, number),
        text=text,
        is_user=_flag(found, "is_user", where, number),
        hidden=_flag(found, "is_system", where, number),
        said_at=read_date(found.get("send_date")),
        swipes=swipes,
        swipe=_chosen(found, len(swipes)),
        data=found,
    )


def _spoken_by(found: dict[str, Any], where: str, number: int) -> str:
    name = found.get("name", "")
    if not isinstance(name, str):
        raise _wrong(where, number, "name", say("it must be text"))
    return name


def _swipes(found: dict[str, Any], where: str, number: int) -> tuple[str, ...]:
    if found.get("swipes") is None:
        return ()
    swipes = list_in(found["swipes"])
    if swipes is None or not all(isinstance(each, str) for each in swipes):
        raise _wrong(where, number, "swipes", say("it must be a list of texts"))
    return tuple(swipes)


def _flag(found: dict[str, Any], key: str, where: str, number: int) -> bool:
    value = found.get(key, False)
    if isinstance(value, str) and value not in ("true", "false"):
        raise _wrong(where, number, key, say("it must be true or false"))
    return value == "true" if isinstance(value, str) else bool(value)


def _chosen(found: dict[str, Any], count: int) -> int:
    value: object = found.get("swipe_id")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count:
        return value
    return 0


def _name(header: dict[str, Any], key: str) -> str:
    value = header.get(key)
    return value if isinstance(value, str) and value != "unused" else ""


def _wrong(where: str, number: int, key: str, why: str) -> ChatError:
    place = f"{where}:{number}: {key}" if key else f"{where}:{number}"
    return ChatError(say("{place}: {why}.", place=place, why=why), hint=_what())


def _what() -> str:
    return say("A chat is a .jsonl file of SillyTavern: one JSON object a line, a message each.")
