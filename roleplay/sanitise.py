"""Make what people write harmless to prompt templates, with one visible character changed."""

import re
from collections.abc import Sequence

MARKUP = re.compile(
    r"<[|\uff5c][\w \u2581/.-]{0,64}[|\uff5c]>"  # <|im_start|>; DeepSeek's bars and blanks are wide
    r"|</?s>|</?(?:start|end)_of_(?:turn|image)>|<(?:bos|eos|pad|unk)>"
    r"|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_(?:CALLS|RESULTS))\]",
    re.IGNORECASE,
)
"""The control strings of the chat templates in use."""

ROLE = r"(?:instruction|input|response|system|user|assistant|human|gpt|model)"
HEADING = re.compile(rf"^(\s*)#(?=#*\s*{ROLE}\b)", re.IGNORECASE | re.MULTILINE)
SPEAKER = re.compile(rf"^(\s*{ROLE}\s*):", re.IGNORECASE | re.MULTILINE)

HARMLESS = {"<": "\u2039", "[": "\u2045", "#": "\u266f"}
WIDE_COLON = "\uff1a"

SPACE = re.compile(r"\s+")
LONGEST_NAME = 80


def defuse(text: str) -> str:
    """`text` with nothing in it that a chat template or a model takes for the edge of a turn.

    Covers ChatML, Llama 2 and 3, Mistral, Gemma, DeepSeek, Alpaca and Vicuna. The first character
    of a control string becomes one that looks alike, as does the colon after a role at the
    beginning of a line.
    """
    if "<" in text or "[" in text:  # a whole history passes here on every turn
        text = MARKUP.sub(lambda match: HARMLESS[match[0][0]] + match[0][1:], text)
    if "#" in text:
        text = HEADING.sub(r"\1♯", text)
    return SPEAKER.sub(rf"\1{WIDE_COLON}", text) if ":" in text else text


def break_marks(text: str, marks: Sequence[str]) -> str:
    """`text` with one character of each of these strings changed, in whatever case they stand."""
    if not marks:
        return text
    return re.sub("|".join(map(re.escape, marks)), _broken, text, flags=re.IGNORECASE)


def _broken(match: re.Match[str]) -> str:
    mark = match[0]
    if mark[0] in HARMLESS:
        return HARMLESS[mark[0]] + mark[1:]
    changed = mark.replace(":", WIDE_COLON)
    return changed if changed != mark else f"{mark[0]}\u200b{mark[1:]}"


def speaker_name(name: str) -> str:
    """A display name fit to stand before a colon at the beginning of a line; never empty."""
    printable = "".join(char for char in SPACE.sub(" ", name) if char.isprintable())
    return defuse(printable.strip().replace(":", WIDE_COLON))[:LONGEST_NAME].strip() or "Someone"
