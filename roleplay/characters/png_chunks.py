"""The chunks of a PNG or APNG, by their places: nothing is decompressed or decoded.

Source: the PNG specification (third edition), sections 5 and 11.3.3.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MOST_CHUNKS = 20_000
"""An animation of thousands of frames has fewer."""

LENGTH_AND_KIND = struct.Struct(">I4s")
CRC = 4
END = b"IEND"


@dataclass(frozen=True, slots=True)
class Chunk:
    """`start` and `end` are of the whole chunk, `data` of what it carries."""

    kind: bytes
    start: int
    end: int
    data: slice


def chunks(picture: bytes) -> Iterator[Chunk]:
    """Up to IEND, which is the last one; what follows in the file is not looked at.

    Raises:
        ValueError: at a chunk that cannot be, with its place in words.
    """
    place = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        if place + LENGTH_AND_KIND.size > len(picture):
            raise ValueError(f"byte {place} is its end, before the chunk IEND")
        length, kind = LENGTH_AND_KIND.unpack_from(picture, place)
        start = place + LENGTH_AND_KIND.size
        end = start + length + CRC
        if end > len(picture):
            raise ValueError(f"the chunk at byte {place} says that it is longer than the file")
        yield Chunk(kind, place, end, slice(start, start + length))
        if kind == END:
            return
        place = end
    raise ValueError(f"it has more than {MOST_CHUNKS} chunks")


def chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return LENGTH_AND_KIND.pack(len(data), kind) + data + crc.to_bytes(CRC, "big")


def plain(width: int, height: int, grey: int) -> bytes:
    """A picture of one shade of grey (0..255)."""
    rows = (b"\0" + bytes([grey]) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return SIGNATURE + chunk(b"IHDR", head) + body + chunk(END, b"")
