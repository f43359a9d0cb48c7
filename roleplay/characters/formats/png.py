"""A card in the text chunks of a PNG or APNG: V3 under `ccv3`, V2 or V1 under `chara`.

The keywords are compared as SillyTavern does it, in any case; `ccv3` wins. The picture is never
decoded, and stays byte for byte as it is.
"""

import base64
import binascii
import json
from dataclasses import replace

from roleplay.characters.contents import Contents
from roleplay.characters.png_chunks import SIGNATURE, Chunk, chunk, chunks, plain
from roleplay.characters.shapes import contents_in, document_of
from roleplay.errors import CardError
from roleplay.phrases import say
from roleplay.untrusted import read_json

SUFFIX = ".png"

KEYWORDS = (b"ccv3", b"chara")
"""The better first."""

NO_PICTURE = plain(400, 600, 0x40)
"""What a card without a picture is written into; read again it is no picture."""


def recognises(data: bytes) -> bool:
    return data.startswith(SIGNATURE)


def read(data: bytes, file: str) -> Contents:
    found = _chunks(data, file)
    cards = [each for keyword in KEYWORDS for each in found if _keyword(data, each) == keyword]
    picture = _without_cards(data, found)
    contents = _first_good(data, cards, file)
    return replace(contents, picture=None if picture == NO_PICTURE else picture)


def write(contents: Contents) -> bytes:
    picture = contents.picture or NO_PICTURE
    if not recognises(picture):
        raise CardError(
            say("The picture of {name} is no PNG.", name=contents.card.name),
            hint=say("Export it as CharX or JSON."),
        )
    found = _chunks(picture, contents.card.name)
    bare, end = _without_cards(picture, found), chunk(b"IEND", b"")
    return bare.removesuffix(end) + _text("chara", contents, 2) + _text("ccv3", contents, 3) + end


def _chunks(data: bytes, file: str) -> list[Chunk]:
    try:
        return list(chunks(data))
    except ValueError as exc:
        raise CardError(
            say("{file} is a broken PNG: {why}.", file=file, why=exc),
            hint=say("Download the picture again, as a file and not as a preview."),
        ) from exc


def _keyword(data: bytes, each: Chunk) -> bytes:
    """Of a text chunk, in small letters; of any other chunk nothing."""
    if each.kind != b"tEXt":
        return b""
    return data[each.data][:80].partition(b"\0")[0].lower()


def _without_cards(data: bytes, found: list[Chunk]) -> bytes:
    kept = [each for each in found if _keyword(data, each) not in KEYWORDS]
    return SIGNATURE + b"".join(data[each.start : each.end] for each in kept)


def _first_good(data: bytes, cards: list[Chunk], file: str) -> Contents:
    """A broken V3 card must not hide a good V2 one."""
    if not cards:
        raise CardError(
            say("{file} is a picture without a character in it.", file=file),
            hint=say(
                "Sites that show pictures often remove it: download the card as a file. The text "
                "chunk is called ccv3 or chara."
            ),
        )
    faults: list[CardError] = []
    for each in cards:
        try:
            contents = _read(data, each, file)
        except CardError as exc:
            faults.append(exc)
        else:
            return replace(contents, notes=(*contents.notes, *map(str, faults)))
    raise faults[0]


def _read(data: bytes, each: Chunk, file: str) -> Contents:
    keyword = _keyword(data, each)
    place = f"{file}, {keyword.decode('ascii')}"
    try:
        text = base64.b64decode(data[each.data][len(keyword) + 1 :])
        document = read_json(text)
    except (binascii.Error, ValueError) as exc:
        raise CardError(
            say("{place}: {why}.", place=place, why=exc),
            hint=say("Export the character anew from where it was made."),
        ) from exc
    return contents_in(document, place)


def _text(keyword: str, contents: Contents, spec: int) -> bytes:
    text = json.dumps(document_of(contents.card, spec), ensure_ascii=False).encode()
    return chunk(b"tEXt", keyword.encode("ascii") + b"\0" + base64.b64encode(text))
