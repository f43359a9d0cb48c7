"""Pictures that people bring, made small: for avatars, thumbnails and exports.

The only place where they are decoded: in a thread, and within bounds that are looked at before.
Pillow is the extra `images`; without it `ready` is False and everything raises `PictureError`.
"""

import asyncio
import importlib.util
from io import BytesIO
from typing import TYPE_CHECKING

from roleplay.errors import PictureError
from roleplay.phrases import say

if TYPE_CHECKING:
    from PIL.Image import Image

PNG = b"\x89PNG\r\n\x1a\n"

FORMATS = ("PNG", "JPEG", "WEBP")

MOST_PIXELS = 4_000_000
"""Of a picture that is decoded: 16 MB of memory."""

LARGEST = 256 * 1024
"""Bytes of an avatar."""

SIDES = (256, 192, 128)
"""Pixels of an avatar's side, tried in this order until it is small enough."""


def ready() -> bool:
    """Whether pictures can be made small here."""
    return importlib.util.find_spec("PIL") is not None


async def avatar(picture: bytes) -> bytes:
    """A square WebP of 128 to 256 pixels and at most 256 KB, from the picture's upper middle.

    That is where a portrait has its face. Discord takes it as an avatar and as a thumbnail.

    Raises:
        PictureError: not a PNG, JPEG or WebP, too large, broken, or Pillow is not installed.
    """
    return await asyncio.to_thread(_avatar, picture)


async def as_png(picture: bytes) -> bytes:
    """The picture as PNG; one that is a PNG already is not touched.

    Raises:
        PictureError: as `avatar`.
    """
    return picture if picture.startswith(PNG) else await asyncio.to_thread(_as_png, picture)


def _avatar(picture: bytes) -> bytes:
    image = _open(picture)
    from PIL import ImageOps  # noqa: PLC0415 - the extra may be missing

    top = (0.5, 0.0)
    small = (_saved(ImageOps.fit(image, (side, side), centering=top), "WEBP") for side in SIDES)
    return next(data for data in small if len(data) <= LARGEST)


def _as_png(picture: bytes) -> bytes:
    return _saved(_open(picture), "PNG")


def _saved(image: "Image", kind: str) -> bytes:
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


def _open(picture: bytes) -> "Image":
    """The first frame, decoded."""
    if not ready():
        raise PictureError(
            say("Pictures cannot be made small: Pillow is not installed."),
            hint=say('Install it with: pip install "roleforge[images]"'),
        )
    from PIL import Image  # noqa: PLC0415 - the extra may be missing

    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and looked at before anything is decoded
    try:
        image = Image.open(BytesIO(picture), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _too_large(image.width, image.height)
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError) as exc:
        raise PictureError(
            say("This is no picture that can be used: {why}.", why=str(exc)[:200]),
            hint=say("Use a PNG, JPEG or WebP file that other programs open."),
        ) from exc


def _too_large(width: int, height: int) -> PictureError:
    return PictureError(
        say("The picture is {width} by {height} pixels: too large.", width=width, height=height),
        hint=say("Make it smaller: at most {most} pixels in all.", most=MOST_PIXELS),
    )
