"""A card as JSON: V1, V2 or V3 in, V3 out."""

import json

from roleplay.characters.contents import Contents
from roleplay.characters.shapes import contents_in, document_of
from roleplay.errors import CardError
from roleplay.phrases import say
from roleplay.untrusted import read_json

SUFFIX = ".json"

BEGINNINGS = (b"{", b"[", b"\xef\xbb\xbf{", b"\xff\xfe{", b"\xfe\xff\x00{")


def recognises(data: bytes) -> bool:
    return data[:1000].lstrip().startswith(BEGINNINGS)


def read(data: bytes, file: str) -> Contents:
    try:
        document = read_json(data)
    except ValueError as exc:
        raise CardError(
            say("{file}: {why}.", file=file, why=exc),
            hint=say("Export the character anew from where it was made."),
        ) from exc
    return contents_in(document, file)


def write(contents: Contents) -> bytes:
    return json.dumps(document_of(contents.card), ensure_ascii=False, indent=1).encode()
