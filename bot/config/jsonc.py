"""Reads JSON with comments and remembers where everything stood.

RFC 8259, plus `//` and `/* */` comments and a comma after the last item. The standard library's
reader keeps no places and takes a key that stands twice without a word; a mended copy of the text
(comments blanked out) would still not say where a wrong value is.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from bot.config.findings import MOST, Finding, Path
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say

MOST_LEVELS = 64
MOST_DIGITS = 400

_SKIPPED = re.compile(r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*.*?\*/)*+", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][+-]?[0-9]++)?(?![\w.+-])")
_WORD = re.compile(r"\w++")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where. `duplicates` are keys that stand twice; the last one counts."""

    file: str
    value: JsonValue
    duplicates: tuple[Problem, ...]
    value_offsets: Mapping[Path, int]
    key_offsets: Mapping[Path, int]
    line_starts: tuple[int, ...]

    def problem(self, finding: Finding) -> Problem:
        """A problem placed at a value, or at its key, or at the nearest thing around it."""
        offsets = self.key_offsets if finding.at_key else self.value_offsets
        found = finding.path
        while found and found not in offsets:
            found, offsets = found[:-1], self.value_offsets
        line, column = _place(self.line_starts, offsets.get(found, 0))
        return Problem(self.file, line, column, dotted(finding.path), finding.message)


def read(text: str, file: str) -> Document:
    """Read a whole file.

    Raises:
        ConfigError: the text is nested too deep or not JSON; it holds the first such fault.
    """
    return _Reader(text, file).document()


def dotted(path: Path) -> str:
    """`profiles.openai.sampler.stop[0]`; names with a dot in them stand in brackets."""
    parts = [
        f"[{part}]" if isinstance(part, int) else f".{part}" if "." not in part else f'["{part}"]'
        for part in path
    ]
    return "".join(parts).removeprefix(".")


def _place(line_starts: tuple[int, ...], offset: int) -> tuple[int, int]:
    line = bisect_right(line_starts, offset)
    return line, offset - line_starts[line - 1] + 1


class _Reader:
    """Recursive descent; the depth is bounded far below Python's own limit."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._at = 0
        self._line_starts = (0, *(end.end() for end in _LINE_END.finditer(text)))
        self._values: dict[Path, int] = {}
        self._keys: dict[Path, int] = {}
        self._duplicates: list[Problem] = []

    def document(self) -> Document:
        self._skip()
        if self._at == len(self._text):
            raise self._fault(
                say("The file is empty. Expected an object: {start}", start='{ "profiles": …')
            )
        value = self._value(())
        self._skip()
        if self._at < len(self._text):
            raise self._fault(
                say("The file goes on after its end. Remove this, or a brace too many.")
            )
        return Document(
            self._file,
            value,
            tuple(self._duplicates),
            self._values,
            self._keys,
            self._line_starts,
        )

    def _value(self, path: Path) -> JsonValue:
        if len(path) > MOST_LEVELS:
            raise self._fault(say("Nested deeper than {most} levels.", most=MOST_LEVELS))
        self._values[path] = self._at
        match self._peek():
            case "{":
                return self._object(path)
            case "[":
                return self._list(path)
            case '"':
                return self._string()
            case _:
                return self._bare()

    def _object(self, path: Path) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for _ in self._items("}"):
            if self._peek() != '"':
                raise self._wrong(say("Expected a key in double quotes, or {end}.", end="}"))
            start = self._at
            key = self._string()
            inner = (*path, key)
            if key in found:
                self._duplicate(inner, start)
            self._keys[inner] = start
            self._expect(":", say("Expected : after the key."))
            self._skip()
            found[key] = self._value(inner)
        return found

    def _list(self, path: Path) -> list[JsonValue]:
        found: list[JsonValue] = []
        for index, _ in enumerate(self._items("]")):
            found.append(self._value((*path, index)))
        return found

    def _items(self, end: str) -> Iterator[None]:
        """Stand before each item in turn, and at last behind the closing bracket."""
        self._at += 1
        while not self._closes(end):
            yield
            if self._closes(end):
                return
            self._expect(",", say("Expected a comma or {end}.", end=end))

    def _closes(self, end: str) -> bool:
        self._skip()
        if self._peek() != end:
            return False
        self._at += 1
        return True

    def _string(self) -> str:
        start = self._at
        self._at += 1
        parts: list[str] = []
        while True:
            plain = self._match(_PLAIN)
            parts.append(plain)
            match self._peek():
                case '"':
                    self._at += 1
                    return self._paired("".join(parts), start)
                case "\\":
                    parts.append(self._escape())
                case "":
                    raise self._fault(say("This text has no closing quote."), start)
                case _:
                    raise self._fault(
                        say("A line break or tab within text: close the quote, or write \\n.")
                    )

    def _escape(self) -> str:
        letter = self._text[self._at + 1 : self._at + 2]
        if letter in _ESCAPES:
            self._at += 2
            return _ESCAPES[letter]
        digits = _HEX.match(self._text, self._at + 2)
        if letter != "u" or not digits:
            raise self._fault(
                say("Not an escape that JSON knows. A backslash itself is written \\\\.")
            )
        self._at += 6
        return chr(int(digits[0], 16))

    def _paired(self, text: str, start: int) -> str:
        r"""JSON writes one character above U+FFFF as two \u escapes."""
        halves = text.encode("utf-16-le", "surrogatepass")
        try:
            whole = halves.decode("utf-16-le")
        except UnicodeDecodeError as exc:
            raise self._fault(say("This text holds half of a \\u pair."), start) from exc
        return whole

    def _bare(self) -> JsonValue:
        number = _NUMBER.match(self._text, self._at)
        if number:
            return self._number(number)
        word = _WORD.match(self._text, self._at)
        if word and word[0] in _WORDS:
            self._at = word.end()
            return _WORDS[word[0]]
        raise self._wrong(self._advice(word[0] if word else self._peek()))

    def _number(self, number: re.Match[str]) -> int | float:
        whole = not (number[1] or number[2])
        value = math.inf if len(number[0]) > MOST_DIGITS else float(number[0])
        if math.isinf(value):
            raise self._fault(say("This number is too large."))
        self._at = number.end()
        return int(number[0]) if whole else value

    def _advice(self, found: str) -> str:
        """Why this is not a value. Never quotes it: it may be a key without its quotes."""
        if found.lower() in _WORDS:
            return say("Write {word} in small letters.", word=found.lower())
        if found == "None":
            return say("Write null.")
        if found in {",", "}", "]", ":"}:
            return say("Expected a value before {found}.", found=found)
        if found.isdecimal() or found in {"+", "-", "."}:
            return say("Not a number as JSON writes it: 0.7, -1, 4096.")
        return say("Expected a value. Text stands in double quotes.")

    def _duplicate(self, path: Path, start: int) -> None:
        if len(self._duplicates) == MOST:
            return
        first, _ = _place(self._line_starts, self._keys[path])
        line, column = _place(self._line_starts, start)
        message = say("This key stands twice; first on line {line}. Keep one.", line=first)
        self._duplicates.append(Problem(self._file, line, column, dotted(path), message))

    def _skip(self) -> None:
        self._match(_SKIPPED)
        if self._text.startswith("/*", self._at):
            raise self._fault(say("This comment never ends."))

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        found = match[0] if match else ""
        self._at += len(found)
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expect(self, wanted: str, message: str) -> None:
        self._skip()
        if self._peek() != wanted:
            raise self._wrong(message)
        self._at += 1

    def _wrong(self, message: str) -> ConfigError:
        if self._at == len(self._text):
            message = say("The file ends too early: a value or a closing bracket is missing.")
        return self._fault(message)

    def _fault(self, message: str, at: int | None = None) -> ConfigError:
        line, column = _place(self._line_starts, self._at if at is None else at)
        return ConfigError([Problem(self._file, line, column, "", message)])
