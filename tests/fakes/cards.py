"""Characters' files as other programs write them, and as an attacker would."""

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def v1(**fields: Any) -> Json:
    return {
        "name": "Mira",
        "description": "{{char}} keeps the inn; <USER> is her guest.",
        "personality": "Warm, curious.",
        "scenario": "A storm outside.",
        "first_mes": "Come in, {{user}}!",
        "mes_example": "<START>\n{{user}}: Hi\n{{char}}: Sit down.",
    } | fields


def v2(**fields: Any) -> Json:
    data = v1(
        creator_notes="Made for a test.",
        system_prompt="{{original}} Be brief.",
        post_history_instructions="Stay in character.",
        alternate_greetings=["Who is there?", "You are late."],
        tags=["inn", "storm"],
        creator="somebody",
        character_version="1.2",
        extensions={
            "talkativeness": "0.8",
            "depth_prompt": {"prompt": "It rains.", "depth": 2, "role": "user"},
            "another/program": {"kept": [1, None, {"deep": True}]},
        },
    )
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data | fields}


def v3(**fields: Any) -> Json:
    newer = {
        "nickname": "Mi",
        "group_only_greetings": ["All of you, come in."],
        "creation_date": 1700000000,
        "source": ["https://example.org/mira"],
        "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
        "creator_notes_multilingual": {"de": "Für einen Test."},
    }
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": v2(**newer | fields)["data"]}


def as_json(document: object) -> bytes:
    return json.dumps(document).encode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text_chunk(keyword: str, document: object) -> bytes:
    return chunk(b"tEXt", keyword.encode() + b"\0" + base64.b64encode(as_json(document)))


def png(*extra: bytes, size: tuple[int, int] = (4, 6), after: Sequence[bytes] = ()) -> bytes:
    """A real grey picture, with chunks before and after its IDAT."""
    width, height = size
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
    return b"".join([SIGNATURE, head, *extra, body, *after, chunk(b"IEND", b"")])


def apng(*extra: bytes) -> bytes:
    """The same with a second frame."""
    frame = struct.pack(">IIIIIHHBB", 0, 4, 6, 0, 0, 1, 10, 0, 0)
    data = struct.pack(">I", 1) + zlib.compress((b"\0" + b"\x40" * 4) * 6)
    return png(
        chunk(b"acTL", struct.pack(">II", 2, 0)),
        *extra,
        after=[chunk(b"fcTL", frame), chunk(b"fdAT", data)],
    )


def archive(files: dict[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return file.getvalue()


def charx(document: Json | None = None, **files: bytes) -> bytes:
    card = v3() if document is None else document
    return archive({"card.json": as_json(card), **files})
