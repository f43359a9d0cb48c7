"""For reading and for publishing: names, times and what was said."""

from roleplay.chats.chat import Chat, ChatLine
from roleplay.chats.formats import Look
from roleplay.chats.shown import moment, shown_lines, title_of
from roleplay.phrases import say

SUFFIX = ".md"

MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>()#+-!|~"})


def write(chat: Chat, look: Look) -> str:
    """The texts stay as they were written: roleplay is written in Markdown."""
    lines = shown_lines(chat, hidden=look.hidden)
    head = f"# {title_of(chat).translate(MARKS)}\n"
    return "\n".join([head, *map(_section, lines)])


def _section(line: ChatLine) -> str:
    notes = [moment(line), say("hidden") if line.hidden else ""]
    about = " · ".join(note for note in notes if note)
    name = f"**{line.name.translate(MARKS)}**"
    return f"{name} · {about}\n\n{line.text}\n" if about else f"{name}\n\n{line.text}\n"
