"""Whole prompts as text files that people can read.

After a change that is meant: `UPDATE_PROMPTS=1 python -m pytest tests/roleplay/prompting`, then
read the difference.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.scenes import ANN, MIRA, ROOK, fired, ingredients, lore, said

from roleplay.budget import fit
from roleplay.continuing import going_on
from roleplay.lorebooks.book import Position
from roleplay.prompt import Block, Prompt
from roleplay.prompting.build import build
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.instructions import Instruction, Instructions
from roleplay.prompting.note import AuthorsNote
from roleplay.templates.builtin import BUILT_IN
from roleplay.templates.render import render

FOLDER = Path(__file__).parents[2] / "fixtures" / "prompts"

TALK = said(
    "Mira: Welcome aboard.",
    "Ann: Is she fast?",
    "Mira: She is when Rook sleeps.",
    "Ann: And is he asleep?",
)
GENERAL = Instructions(Instruction("Write {{char}}'s next line in a story of several people."))
ALONE = replace(ingredients(TALK, ANN), instructions=GENERAL)
GROUP = replace(
    ingredients([*TALK, *said("Rook: Never.", "Ben: Hello?")], ANN, cast=(MIRA, ROOK)),
    instructions=GENERAL,
)
LORE = lore(
    fired("Titan is a moon of Saturn.", Position.BEFORE_CHARACTER),
    fired("The Lark is forty years old.", Position.AFTER_CHARACTER),
    fired("It rains methane.", Position.AT_DEPTH, 1),
    fired("Ben is late.", Position.AT_DEPTH, 2, "user"),
)
SUMMARY = "Ann hired Mira to bring a crate to Titan."


def prompt_of(here: Ingredients) -> str:
    return shown(build(here).prompt)


def shown(prompt: Prompt, window: int = 8192) -> str:
    """Each block under a line that says what it is, then what ends the reply."""
    kept = fit(prompt, window, 0, words).kept
    blocks = (_shown(block, kept=block in kept) for block in prompt.blocks)
    return "\n".join([*blocks, f"=== ends at: {' '.join(map(repr, prompt.stop))}", ""])


def _shown(block: Block, *, kept: bool) -> str:
    fate = "" if kept else " - left out"
    return f"=== {block.label} ({block.role}){fate}\n{block.text}\n"


def words(block: Block) -> int:
    return len(block.text.split())


def as_text() -> str:
    """What a server is sent that takes a prompt as one text."""
    prompt = build(replace(ALONE, note=AuthorsNote("The mood is tense.", 1))).prompt
    request = fit(prompt, 8192, 0, words).request
    rendered = render(request.messages, BUILT_IN["mistral-v3"], char="Mira", speakers=request.stop)
    return f"{rendered.text}\n=== ends at: {' '.join(map(repr, rendered.stops))}\n"


SCENES: dict[str, Callable[[], str]] = {
    "solo": lambda: prompt_of(ALONE),
    "group": lambda: prompt_of(GROUP),
    "lore": lambda: prompt_of(replace(ALONE, lore=LORE, summary=SUMMARY)),
    "note": lambda: prompt_of(replace(ALONE, note=AuthorsNote("The mood is tense.", 1))),
    "little-room": lambda: shown(build(replace(GROUP, lore=LORE)).prompt, window=155),
    "continue": lambda: shown(going_on(build(ALONE).prompt, "He never")),
    "impersonate": lambda: prompt_of(replace(ALONE, wanted="impersonation")),
    "text-mistral-v3": as_text,
}


@pytest.mark.parametrize("name", SCENES)
def test_the_prompt_is_what_the_file_says(name: str) -> None:
    file, found = FOLDER / f"{name}.txt", SCENES[name]()
    if os.environ.get("UPDATE_PROMPTS"):
        file.write_text(found, "utf-8")
    assert file.read_text("utf-8") == found


def test_every_file_has_its_scene() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(SCENES)
