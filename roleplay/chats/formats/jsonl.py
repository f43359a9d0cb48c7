"""SillyTavern's own format, whole: hidden messages, swipes and unknown fields too."""

import json
from typing import Any

from roleplay.chats.chat import Chat, ChatLine
from roleplay.chats.dates import read_date, write_date
from roleplay.chats.formats import Look
from roleplay.untrusted import list_in

SUFFIX = ".jsonl"


def write(chat: Chat, look: Look) -> str:
    """One object a line. What was read from such a file is written as it was."""
    del look
    objects = (_header(chat), *map(_line, chat.lines))
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in objects)


def _header(chat: Chat) -> dict[str, Any]:
    named = {"user_name": chat.user or "unused", "character_name": chat.character or "unused"}
    return {**named, "chat_metadata": {}, **chat.header}


def _line(line: ChatLine) -> dict[str, Any]:
    """The fields that say something else than the file's own object are written anew."""
    data = dict(line.data)
    for key, value in (("name", line.name), ("is_user", line.is_user), ("is_system", line.hidden)):
        if not line.data or data.get(key, type(value)()) != value:
            data[key] = value
    if data.get("mes") != line.text:
        data["mes"] = line.text
    if line.said_at is not None and read_date(data.get("send_date")) != line.said_at:
        data["send_date"] = write_date(line.said_at)
    return data | _swipes(line, data)


def _swipes(line: ChatLine, data: dict[str, Any]) -> dict[str, Any]:
    if not line.swipes:
        return {}
    if list(line.swipes) == data.get("swipes"):
        return {} if data.get("swipe_id") == line.swipe else {"swipe_id": line.swipe}
    dated: dict[str, Any] = {"send_date": data.get("send_date", ""), "extra": {}}
    known = list_in(data.get("swipe_info")) or []
    info = [known[at] if at < len(known) else dated for at in range(len(line.swipes))]
    return {"swipe_id": line.swipe, "swipes": list(line.swipes), "swipe_info": info}
