"""Who and what the playground comes with, as the files that people would bring."""

from dataclasses import replace

from bot.playground.pages import STATIC
from roleplay.characters.formats import read_file, write_file

CHARACTERS = {"Isolde": "isolde", "Pip": "pip"}
"""Names on the cards, and of the files."""

PERSONA = {"name": "Wren", "description": "{{user}} is a travelling musician who pays with songs."}

LOREBOOK = ("harbour.json", (STATIC / "harbour.json").read_bytes())


def card(file: str) -> tuple[str, bytes]:
    """The name and the bytes of a picture with its card in it."""
    written = STATIC / f"{file}.json"
    _, contents = read_file(written.read_bytes(), written.name)
    picture = (STATIC / f"{file}.png").read_bytes()
    return f"{file}.png", write_file(replace(contents, picture=picture), "png")
