"""Real pictures, decoded by the library that everybody uses."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from bot.pictures import LARGEST, as_png, avatar
from roleplay.errors import PictureError


def drawn(kind: str) -> bytes:
    file = BytesIO()
    Image.effect_noise((400, 600), 90).convert("RGB").save(file, kind)
    return file.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG that says it is as large as that, and holds nothing."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_an_avatar_is_square_and_small(kind: str) -> None:
    made = await avatar(drawn(kind))
    assert len(made) <= LARGEST
    image = Image.open(BytesIO(made))
    assert (image.format, image.size) == ("WEBP", (256, 256))


async def test_an_avatar_keeps_what_is_transparent() -> None:
    file = BytesIO()
    Image.new("RGBA", (300, 300), (200, 0, 0, 90)).save(file, "PNG")
    assert Image.open(BytesIO(await avatar(file.getvalue()))).mode == "RGBA"


async def test_a_picture_becomes_a_png_and_a_png_is_not_touched() -> None:
    assert Image.open(BytesIO(await as_png(drawn("WEBP")))).format == "PNG"
    picture = drawn("PNG")
    assert await as_png(picture) == picture


@pytest.mark.parametrize("size", [(30000, 30000), (12000, 12000), (2001, 2000)])
async def test_a_huge_picture_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match=f"{size[0]} by {size[1]} pixels"):
        await avatar(claiming(*size))


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg/>", b"MZ\x90", drawn("PNG")[:300], claiming(50, 50)]
)
async def test_what_is_no_picture_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(PictureError) as caught:
        await avatar(data)
    assert "PNG, JPEG or WebP" in caught.value.hint
