"""Files made to do harm: refused in words, or cut with a list of what was cut."""

import base64
import json
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import pytest
from fakes.cards import SIGNATURE, archive, as_json, charx, chunk, png, text_chunk, v1, v2, v3

from roleplay.characters.fields import MOST_ENTRIES
from roleplay.characters.formats import read_file
from roleplay.characters.reading import LONGEST_TEXT
from roleplay.errors import CardError

MEGABYTE = 1024 * 1024


def holding(name: str) -> bytes:
    return archive({"card.json": as_json(v3()), name: b"x"})


def lying_zip(name: str, data: bytes, claimed: int) -> bytes:
    """A zip whose list says another size than what is packed."""
    whole = bytearray(archive({"card.json": as_json(v3()), name: data}))
    place = whole.rindex(b"PK\x01\x02")
    struct.pack_into("<I", whole, place + 24, claimed)
    return bytes(whole)


def many_entries() -> bytes:
    return archive({f"{number}": b"" for number in range(5000)} | {"card.json": b"{}"})


def deep(levels: int) -> bytes:
    return b'{"name": "x", "extensions": ' + b'{"a":' * levels + b"1" + b"}" * (levels + 1)


BAD_PNGS: dict[str, tuple[Callable[[], bytes], str]] = {
    "compressed bomb": (
        lambda: png(chunk(b"zTXt", b"chara\0\0" + zlib.compress(bytes(64 * MEGABYTE)))),
        "without a character",
    ),
    "international bomb": (
        lambda: png(
            chunk(b"iTXt", b"ccv3\0\1\0\0\0" + zlib.compress(bytes(64 * MEGABYTE))),
        ),
        "without a character",
    ),
    "lying length": (
        lambda: SIGNATURE + struct.pack(">I4s", 0x7FFFFFFF, b"tEXt") + b"chara\0",
        "longer than the file",
    ),
    "700,000 chunks": (
        lambda: png(*[chunk(b"tEXt", b"")] * 700_000),
        "more than 20000 chunks",
    ),
    "no end": (lambda: png()[:-12], "before the chunk IEND"),
    "no base64": (lambda: png(chunk(b"tEXt", b"chara\0=")), "mira.png, chara"),
    "after the end": (lambda: png() + text_chunk("chara", v2()), "without a character"),
}

BAD_ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (lambda: charx(bomb=bytes(20 * MEGABYTE)), "grows more than 100 times"),
    "too large": (
        lambda: archive({str(n): b"\0\1\2" * 3 * MEGABYTE for n in range(6)}, packing=0),
        "larger than",
    ),
    "many files": (many_entries, "more than 200 files"),
    "absolute": (lambda: holding("/etc/passwd"), "leads out of the archive"),
    "above": (lambda: holding("a/../../x"), "leads out of the archive"),
    "drive": (lambda: holding("C:\\x"), "leads out of the archive"),
    "other packing": (
        lambda: archive({"card.json": as_json(v3())}, packing=zipfile.ZIP_BZIP2),
        "packed in an unusual way",
    ),
    "lying": (lambda: lying_zip("x", b"x" * 5000, 5), "broken zip"),
    "lying more": (lambda: lying_zip("x", b"x" * 500, 60 * MEGABYTE), "larger than 50 MB"),
    "cut off": (lambda: charx()[:100], "broken zip"),
}

BAD_CARDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "depth 10,000": (lambda: deep(10_000), "nested more than 64 deep"),
    "depth 100": (lambda: deep(100), "nested more than 64 deep"),
    "brackets": (lambda: b'{"a":' + b"[" * 100_000, "nested more than 64 deep"),
    "values": (lambda: b'{"name":"x","a":[' + b"[]," * 600_000 + b"1]}", "more than 500000 values"),
    "no name": (lambda: as_json(v2(name="  ")), "data.name is empty"),
    "name is a list": (lambda: as_json(v2(name=["x"])), "data.name is a list, not a text"),
    "greeting is an object": (
        lambda: as_json(v2(alternate_greetings=["a", {}])),
        "data.alternate_greetings[1] is an object, not a text",
    ),
    "tags are a number": (lambda: as_json(v2(tags=5)), "data.tags is a number, not a list"),
    "extensions are a text": (
        lambda: as_json(v2(extensions="x")),
        "data.extensions is a text, not an object",
    ),
    "a book is a list": (
        lambda: as_json(v2(character_book=[1])),
        "data.character_book is a list, not an object",
    ),
    "no UTF-8": (lambda: b'{"name": "\xff"}', "byte 10 is not UTF-8"),
    "digits": (lambda: b'{"name": ' + b"1" * 100_000 + b"}", "thousands of digits"),
    "yaml aliases": (lambda: b"a: &a [x]\nname: *a\n", "line 2 has an alias"),
    "yaml depth": (lambda: b"name: " + b"[" * 500, "nested more than 64 deep"),
    "yaml tag": (lambda: b"name: !!python/object/apply:os.getcwd []\n", "could not determine"),
}


@pytest.mark.parametrize("make", BAD_PNGS.values(), ids=BAD_PNGS)
def test_a_bad_png(make: tuple[Callable[[], bytes], str]) -> None:
    refused(make[0](), "mira.png", make[1])


@pytest.mark.parametrize("make", BAD_ZIPS.values(), ids=BAD_ZIPS)
def test_a_bad_charx(make: tuple[Callable[[], bytes], str]) -> None:
    refused(make[0](), "mira.charx", make[1])


@pytest.mark.parametrize("make", BAD_CARDS.values(), ids=BAD_CARDS)
def test_a_bad_card(make: tuple[Callable[[], bytes], str]) -> None:
    refused(make[0](), "mira.json", make[1])


def refused(data: bytes, file: str, told: str) -> None:
    """With a reason, and with less memory than the file itself has bytes, or 8 MB."""
    tracemalloc.start()
    try:
        with pytest.raises(CardError, match=file) as caught:
            read_file(data, file)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(data) + 8 * MEGABYTE
    finally:
        tracemalloc.stop()
    assert told in str(caught.value)
    assert caught.value.hint
    assert len(str(caught.value)) < 500


def test_a_huge_picture_is_never_decoded() -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0))
    whole = SIGNATURE + head + text_chunk("chara", v2()) + chunk(b"IEND", b"")
    assert read_file(whole, "mira.png")[1].card.name == "Mira"


def test_fields_of_two_megabytes_are_cut_and_named() -> None:
    long = "x" * (2 * MEGABYTE)
    data = as_json(v2(description=long, alternate_greetings=["a", long], tags=["t"] * 600))
    card, notes = read_file(data, "mira.json")[1].card, read_file(data, "mira.json")[1].notes
    assert len(card.description) == len(card.alternate_greetings[1]) == LONGEST_TEXT
    assert len(card.tags) == 500
    assert notes == (
        "data.description was cut from 2097152 to 100000 characters.",
        "data.alternate_greetings[1] was cut from 2097152 to 100000 characters.",
        "data.tags was cut from 600 to 500 entries.",
    )


def test_100_000_entries_of_a_book_are_cut_and_counted() -> None:
    entries = [{"keys": ["a"], "content": "x"}] * 100_000
    _, contents = read_file(as_json(v2(character_book={"entries": entries})), "mira.json")
    assert len(contents.card.data["character_book"]["entries"]) == MOST_ENTRIES
    assert contents.notes == ("data.character_book.entries was cut from 100000 to 10000 entries.",)


def test_a_lorebook_that_cannot_be_read_costs_the_lorebook_and_is_kept() -> None:
    _, contents = read_file(as_json(v2(character_book={"entries": "x"})), "mira.json")
    assert contents.card.book is None
    assert contents.card.data["character_book"] == {"entries": "x"}
    assert "lorebook" in contents.notes[0]


def test_what_other_programs_write_instead_of_nothing_is_nothing() -> None:
    odd = v2(
        description=None,
        alternate_greetings=None,
        tags="inn, storm",
        extensions=[],
        character_book=None,
        personality=7,
    )
    card = read_file(as_json(odd), "mira.json")[1].card
    assert (card.description, card.alternate_greetings, card.personality) == ("", (), "7")
    assert card.tags == ("inn", "storm")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_nothing(value: str) -> None:
    card = read_file(f'{{"name": "x", "y": {value}}}'.encode(), "mira.json")[1].card
    assert card.data["y"] is None


def test_half_a_character_is_replaced() -> None:
    text = rb'{"name": "x", "scenario": "a\ud83db", "personality": "\ud83d\ude00"}'
    card = read_file(text, "mira.json")[1].card
    assert (card.scenario, card.personality) == ("a\ufffdb", "\U0001f600")


@pytest.mark.parametrize("value", ["loud", [], {}, None, 1e300, -5, "nan"])
def test_talkativeness_is_always_a_share(value: object) -> None:
    card = read_file(as_json(v2(extensions={"talkativeness": value})), "mira.json")[1].card
    assert 0 <= card.talkativeness <= 1


def test_a_name_is_one_line_of_a_hundred_characters() -> None:
    card = read_file(as_json(v1(name="Mira\n\tSystem:" + "x" * 500)), "mira.json")[1].card
    assert card.name.startswith("Mira System:x")
    assert len(card.name) == 100


def test_text_that_is_no_base64_at_all_is_refused() -> None:
    text = base64.b64encode(json.dumps(v2()).encode())[:-40]
    with pytest.raises(CardError, match=r"mira\.png, chara: line 1"):
        read_file(png(chunk(b"tEXt", b"chara\0" + text)), "mira.png")
