"""Characters' files: read in a thread, with the picture made small, and written."""

import asyncio
import re
from dataclasses import dataclass, replace

from bot import pictures
from roleplay.characters.contents import Contents
from roleplay.characters.formats import every, read_file, write_file
from roleplay.characters.picture_kind import suffix_of
from roleplay.errors import PictureError
from roleplay.phrases import count, say

UNSAFE = re.compile(r"[^\w-]+")

DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows gives to no file."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`form` is the format's name, "" for no file; `avatar` the picture made small."""

    form: str
    contents: Contents
    avatar: bytes | None


async def opened(data: bytes, file: str) -> Opened:
    """What a file holds.

    Raises:
        CardError: it holds no character.
    """
    form, contents = await asyncio.to_thread(read_file, data, file)
    return replace(await with_avatar(contents), form=form)


async def with_avatar(contents: Contents) -> Opened:
    """A picture that cannot be made small costs the avatar, with a note; one that is none goes."""
    if contents.picture is None:
        return Opened("", contents, None)
    try:
        return Opened("", contents, await pictures.avatar(contents.picture))
    except PictureError as exc:
        note = say("No avatar: {why} {hint}", why=exc, hint=exc.hint)
        picture = contents.picture if suffix_of(contents.picture) else None
        noted = replace(contents, picture=picture, notes=(*contents.notes, note))
        return Opened("", noted, None)


async def written(contents: Contents, form: str) -> bytes:
    """A file of this format.

    Raises:
        CardError: it cannot be written so.
        PictureError: its picture cannot be turned into a PNG.
    """
    if form == "png" and contents.picture:
        contents = replace(contents, picture=await pictures.as_png(contents.picture))
    return await asyncio.to_thread(write_file, contents, form)


def left_out(contents: Contents, form: str) -> list[str]:
    """What a file of this format does not hold, a sentence each."""
    told: list[str] = []
    if contents.picture and form not in ("png", "charx"):
        told.append(say("The picture is not in it: {form} holds the card alone.", form=form))
    if contents.assets and form != "charx":
        told.append(
            count(
                len(contents.assets),
                "{count} other file is not in it: only charx holds it.",
                "{count} other files are not in it: only charx holds them.",
            )
        )
    return told


def file_name(name: str, form: str) -> str:
    """A name that every system takes, whatever the character is called."""
    stem = UNSAFE.sub("_", name)[:60].strip("_") or "character"
    return f"{stem}{'_' if DEVICES.fullmatch(stem) else ''}{every()[form].SUFFIX}"
