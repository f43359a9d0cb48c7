"""Which of Discord's text styles are still open at the end of a text."""

import re
from dataclasses import dataclass

LANGUAGE = re.compile(r"```([\w+#.-]{1,20})\n")
"""A longer word there is taken for code: repeated, it would eat the next message's room."""

LINK = r"https?://[^\s<]*[^\s<*_~|)]"
STYLE = re.compile(r"\*{1,3}|_{1,3}|~~|\|\|")
TOKEN = re.compile(
    rf"\\.|{LINK}|```|`{{1,2}}(?!`)|\*{{4,}}|_{{4,}}|(?P<style>{STYLE.pattern})", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Open:
    """What a text leaves open: its styles from the outside in, then code, which nests nothing.

    `code` is "", "`", "``" or "```", begun at index `code_at`; `language` is the code block's.
    """

    styles: tuple[str, ...] = ()
    code: str = ""
    code_at: int = 0
    language: str = ""

    @property
    def reopening(self) -> str:
        """What the next message must begin with."""
        code = f"```{self.language}\n" if self.code == "```" else self.code
        return "".join(self.styles) + code

    def closing(self, text: str) -> str:
        """What must follow `text`, which leaves this open; at most 14 characters."""
        newline = "\n" if self.code == "```" and not text.endswith("\n") else ""
        return newline + self.code + "".join(reversed(self.styles))


def open_at_end(text: str) -> Open:
    """Read `text` from its beginning, much as Discord's client does."""
    styles: list[str] = []
    at = 0
    while token := TOKEN.search(text, at):
        at = token.end()
        if token[0].startswith("`"):
            end = _end_of_code(text, token)
            if end is None:
                language = LANGUAGE.match(text, token.start())
                return Open(tuple(styles), token[0], token.start(), language[1] if language else "")
            at = end
        elif token["style"]:
            _turn(styles, text, token)
    return Open(tuple(styles))


def _end_of_code(text: str, token: re.Match[str]) -> int | None:
    """Where the code begun by `token` ends; None: not in this text."""
    ticks, begin = token[0], token.end()
    closing = re.compile(rf"(?<!`){ticks}(?!`)" if len(ticks) < 3 else ticks).search(text, begin)
    paragraph = text.find("\n\n", begin, closing.start() if closing else len(text))
    if len(ticks) < 3 and paragraph >= 0:
        return begin  # ticks that nothing closes in their paragraph are plain characters
    return closing.end() if closing else None


def _turn(styles: list[str], text: str, token: re.Match[str]) -> None:
    """Open or close what one run of style characters opens or closes."""
    run = token[0]
    before = text[token.start() - 1 : token.start()]
    after = text[token.end() : token.end() + 1]
    marks = (run[:2], run[2:]) if len(run) == 3 else (run,)
    underscore = run[0] == "_"
    may_close = before.strip() and not (underscore and after.isalnum())
    may_open = after.strip() and not (underscore and before.isalnum())
    closed = [index for index, style in enumerate(styles) if style in marks]
    if closed and may_close:
        del styles[closed[0] :]
    elif may_open:
        styles.extend(mark for mark in marks if mark not in styles)
