"""The files of a zip that somebody brought: in memory only, and never more than is allowed."""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from roleplay.phrases import say

MOST_ENTRIES = 200

LARGEST = 50 * 1024 * 1024
"""Bytes of all files together, unpacked."""

MOST_RATIO = 100
"""Times that a file of more than `SMALL` bytes may grow when it is unpacked."""

SMALL = 64 * 1024

ENTRY = b"PK\x01\x02"
"""Before each entry of the list of files."""

ENCRYPTED = 0x1


def unpacked(data: bytes) -> dict[str, bytes]:
    """Names, with slashes, to contents. Folders are left out.

    Raises:
        ValueError: no zip, broken, out of bounds, or with names that are no places in it; in words.
    """
    if data.count(ENTRY) > MOST_ENTRIES:  # before the list is read: it may be long
        raise ValueError(say("it holds more than {most} files", most=MOST_ENTRIES))
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            _check(entries)
            return {each.filename: archive.read(each) for each in entries}
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as exc:
        raise ValueError(say("it is a broken zip ({why})", why=exc)) from exc


def packed(files: dict[str, bytes]) -> bytes:
    """The same zip for the same files."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return file.getvalue()


def _check(entries: list[ZipInfo]) -> None:
    if sum(each.file_size for each in entries) > LARGEST:
        raise ValueError(say("unpacked it is larger than {most} MB", most=LARGEST // 1024**2))
    for each in entries:
        if fault := _fault(each):
            raise ValueError(say("the file “{name}” {fault}", name=each.filename[:80], fault=fault))


def _fault(entry: ZipInfo) -> str:
    name = entry.orig_filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        return say("has a name that leads out of the archive")
    if "\0" in name or len(name) > 255:
        return say("has a name that no file can have")
    if entry.flag_bits & ENCRYPTED:
        return say("is encrypted")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return say("is packed in an unusual way")
    if entry.file_size > max(SMALL, entry.compress_size * MOST_RATIO):
        return say("grows more than {most} times when it is unpacked", most=MOST_RATIO)
    return ""
