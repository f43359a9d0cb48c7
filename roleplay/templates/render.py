"""Messages to the one text that a raw endpoint is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from roleplay.chat import ChatMessage
from roleplay.macros.expand import expand
from roleplay.sanitise import break_marks
from roleplay.templates.arrange import arrange
from roleplay.templates.marks import marks_of
from roleplay.templates.template import Template, Turn


@dataclass(frozen=True, slots=True)
class Rendered:
    """`stops` end the reply, the most valuable first."""

    text: str
    stops: tuple[str, ...]


def render(
    messages: Sequence[ChatMessage],
    template: Template,
    *,
    char: str = "",
    speakers: Sequence[str] = (),
) -> Rendered:
    """The prompt, without the mark that begins every prompt: servers add that one themselves.

    A last message by the assistant is left open, so that the model goes on with it. `char` speaks
    next; `speakers` are the stop strings that keep it from speaking for others. The template's own
    marks are broken wherever they stand in a message.
    """
    marks = marks_of(template)
    safe = [replace(one, text=break_marks(one.text, marks)) for one in messages]
    opening, turns = arrange(safe, template)
    names = {"char": char or "Assistant", "user": _last_user(messages)}
    text = "".join(_Writer(template, names).pieces(opening, turns))
    return Rendered(text.removeprefix(template.bos), _stops(template, speakers, names))


def _last_user(messages: Sequence[ChatMessage]) -> str:
    named = (one.name for one in reversed(messages) if one.role == "user" and one.name)
    return next(named, "User")


def _stops(
    template: Template, speakers: Sequence[str], names: Mapping[str, str]
) -> tuple[str, ...]:
    """The end of the turn, then who is there, then the marks that only a lost model writes."""
    own = [expand(stop, names) if template.macros else stop for stop in template.stops]
    return tuple(dict.fromkeys(stop for stop in (*own[:1], *speakers, *own[1:]) if stop))


class _Writer:
    """Writes turns in a template's grammar. `names` are the values of its macros."""

    def __init__(self, template: Template, names: Mapping[str, str]) -> None:
        self._template = template
        self._names = names

    def pieces(self, opening: str, turns: Sequence[ChatMessage]) -> list[str]:
        framed, inside = self._opening(opening), ""
        if self._template.opening_inside:
            framed, inside = "", framed
        last = max((i for i, turn in enumerate(turns) if turn.role == "user"), default=-1)
        written = [framed]
        for place, turn in enumerate(turns):
            marks = self._marks(turn, first=place == 0, last=place == last)
            before, after = (self._filled(mark, turn) for mark in (marks.before, marks.after))
            text = inside * (place == 0) + self._said(turn)
            written += [before, text.strip() if self._template.trim else text, after]
        return self._reply(written, turns)

    def _opening(self, text: str) -> str:
        marks = self._template.opening
        if not (marks and text):
            return ""
        return self._filled(marks.before) + text + self._filled(marks.after)

    def _marks(self, turn: ChatMessage, *, first: bool, last: bool) -> Turn:
        template = self._template
        if turn.role == "system" and template.system:
            return template.system
        if turn.role == "assistant":
            return (template.first_assistant if first else None) or template.assistant
        special = (template.first_user if first else None) or (template.last_user if last else None)
        return special or template.user

    def _said(self, turn: ChatMessage) -> str:
        """People's lines carry their names already."""
        named = self._template.names and turn.role == "assistant" and turn.name
        return f"{turn.name}: {turn.text}" if named else turn.text

    def _reply(self, written: list[str], turns: Sequence[ChatMessage]) -> list[str]:
        if turns and turns[-1].role == "assistant":
            return [*written[:-2], written[-2].rstrip()]
        name = f"{self._names['char']}:" if self._template.names else ""
        return [*written, self._filled(self._template.reply), name]

    def _filled(self, mark: str, turn: ChatMessage | None = None) -> str:
        if not self._template.macros:
            return mark
        return expand(mark, {**self._names, "name": self._speaker(turn)})

    def _speaker(self, turn: ChatMessage | None) -> str:
        if turn is None or turn.role == "assistant":
            return (turn and turn.name) or self._names["char"]
        return turn.name or ("System" if turn.role == "system" else self._names["user"])
