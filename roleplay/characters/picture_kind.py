"""What kind of picture some bytes are, by how they begin."""


def suffix_of(picture: bytes) -> str:
    """png, jpeg or webp; empty for anything else."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "webp" if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP" else ""
