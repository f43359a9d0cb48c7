"""From a server's pieces to speech: reasoning apart, stop strings cut, no empty beginning."""

from collections.abc import Sequence
from dataclasses import replace

from backends.stops import StopFilter
from backends.surrogates import HalfJoiner, whole_characters
from backends.thinking import ThinkingFilter
from roleplay.chat import Delta, FinishReason, Usage


class Choice:
    """One alternative of a reply as it grows. `visible`: there was more than white space.

    `spaced`: one space before the first word belongs to the prompt's template and goes.
    """

    def __init__(self, stops: Sequence[str], *, spaced: bool = False) -> None:
        self._spaced = spaced
        self._halves = HalfJoiner()
        self._thinking = ThinkingFilter()
        self._stops = StopFilter(stops)
        self._blank: str = ""
        self.visible = False
        self.finished: FinishReason | None = None

    @property
    def stopped(self) -> bool:
        return self._stops.hit

    def feed(self, delta: Delta) -> Delta:
        """What of this piece can be shown now; `finish_reason` is set on the last of the choice."""
        if self.finished:
            return replace(delta, text="", reasoning="", finish_reason=None)
        text, thought = (
            self._thinking.feed(self._halves.feed(delta.text)) if delta.text else ("", "")
        )
        text = self._stops.feed(text) if text else ""
        if delta.finish_reason and not self._stops.hit:
            last, last_thought = self._thinking.close()
            text, thought = (
                text + self._stops.feed(last) + self._stops.close(),
                thought + last_thought,
            )
        self.finished = "stop" if self._stops.hit else delta.finish_reason
        return replace(
            delta,
            text=self._from_first_word(text),
            reasoning=whole_characters(delta.reasoning) + thought,
            finish_reason=self.finished,
        )

    def _from_first_word(self, text: str) -> str:
        """Hold white space back until a word follows, so that a blank reply shows nothing."""
        if self.visible:
            return text
        text = self._blank + text
        self.visible = bool(text.strip())
        self._blank = "" if self.visible else text
        if not self.visible:
            return ""
        return text.removeprefix(" ") if self._spaced else text


class Speech:
    """All choices of one reply. `thought`: there was reasoning. `spaced`: see `Choice`."""

    def __init__(self, stops: Sequence[str], alternatives: int, *, spaced: bool = False) -> None:
        self._stops = stops
        self._spaced = spaced
        self._alternatives = alternatives
        self.choices: dict[int, Choice] = {}
        self._usage: Usage | None = None
        self.characters = 0
        self.thought = False

    def feed(self, delta: Delta) -> Delta | None:
        """What of this piece can be shown now; None: nothing.

        Usage that comes in parts, or while the reply grows, is shown once it is over.
        """
        if delta.text or delta.reasoning or delta.finish_reason:
            delta = self._choice(delta.choice).feed(delta)
        delta = self._with_usage(delta)
        self.characters += len(delta.text)
        self.thought = self.thought or bool(delta.reasoning)
        shown = delta.text or delta.reasoning or delta.finish_reason or delta.usage
        return delta if shown else None

    @property
    def visible(self) -> bool:
        return self.characters > 0

    @property
    def complete(self) -> bool:
        """Every choice that was asked for has ended."""
        return self.whole and len(self.choices) >= self._alternatives

    @property
    def whole(self) -> bool:
        """Every choice that began has ended; some servers give fewer than were asked for."""
        return bool(self.choices) and all(choice.finished for choice in self.choices.values())

    @property
    def stopped(self) -> bool:
        """A stop string of ours ended it: nothing more is wanted of the server."""
        return self.complete and any(choice.stopped for choice in self.choices.values())

    def close(self, reason: FinishReason) -> list[Delta]:
        """The reply ended: what was held back of the choices that are still open."""
        still_open = [index for index, one in self.choices.items() if not one.finished]
        ends = (self.feed(Delta(finish_reason=reason, choice=index)) for index in still_open)
        return [end for end in ends if end is not None]

    def _with_usage(self, delta: Delta) -> Delta:
        if delta.usage:
            self._usage = _larger(self._usage or Usage(), delta.usage)
        news = delta.usage or delta.finish_reason
        return replace(delta, usage=self._usage if news and self.whole else None)

    def _choice(self, index: int) -> Choice:
        if index not in self.choices:
            self.choices[index] = Choice(self._stops, spaced=self._spaced)
        return self.choices[index]


def _larger(one: Usage, other: Usage) -> Usage:
    """Counts only grow while a reply is written."""
    return Usage(
        prompt_tokens=max(one.prompt_tokens, other.prompt_tokens),
        completion_tokens=max(one.completion_tokens, other.completion_tokens),
        cached_tokens=max(one.cached_tokens, other.cached_tokens),
        reasoning_tokens=max(one.reasoning_tokens, other.reasoning_tokens),
    )
