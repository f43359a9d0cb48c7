"""Notes and instructions as their managers read them."""

import discord

from roleplay.phrases import count, say
from roleplay.prompting.instructions import Instruction
from roleplay.prompting.note import AuthorsNote

LONGEST = 1500
"""Characters of a text shown in an answer."""


def quoted(text: str) -> str:
    """As a quotation, cut where it is long."""
    whole = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return "\n".join(f"> {line}" for line in discord.utils.escape_markdown(whole).splitlines())


def note_text(note: AuthorsNote) -> str:
    return f"{_place(note)}\n{quoted(note.text)}"


def _place(note: AuthorsNote) -> str:
    where = {
        "chat": _depth(note.depth),
        "before": say("before the main prompt"),
        "after": say("after the main prompt"),
    }[note.place]
    if note.interval == 0:
        return say("**Author's note**, off:")
    if note.interval == 1:
        return say("**Author's note**, {where}, as {role}:", where=where, role=note.role)
    return say(
        "**Author's note**, {where}, as {role}, with one of {n} messages:",
        where=where,
        role=note.role,
        n=note.interval,
    )


def _depth(messages: int) -> str:
    if not messages:
        return say("at the end")
    return count(messages, "{count} message before the end", "{count} messages before the end")


def instruction_text(name: str, instruction: Instruction) -> str:
    head = say("**{name}** (set by the {source}):", name=name, source=instruction.source)
    return f"{head}\n{quoted(instruction.text) or say('> (none)')}"
