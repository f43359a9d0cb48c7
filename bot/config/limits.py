"""The section `limits`: how much may be asked for."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config.section import Section
from roleplay.budgets import LONGEST_WINDOW, SHORTEST_WINDOW, Limit, Scope, What
from roleplay.durations import NotADuration, read_duration
from roleplay.phrases import say


def window_of(text: str) -> str:
    """Raises `ValueError`: it is no window."""
    try:
        seconds = read_duration(text)
    except NotADuration as exc:
        raise ValueError(f"{exc} {exc.hint}") from None
    if not SHORTEST_WINDOW <= seconds <= LONGEST_WINDOW:
        raise ValueError(say("Write a window from 10s to 31d."))
    return text


class LimitSection(Section):
    """At most so much within any such length of time."""

    scope: Scope = Field(description="Who pays: user (in one server), channel, server or profile.")
    what: What = Field(
        default="messages",
        description="messages: replies. tokens: of prompt and reply. money: as priced.",
    )
    amount: float = Field(gt=0, le=1e12, description="At most.")
    per: Annotated[str, AfterValidator(window_of)] = Field(
        default="1d", description="Within any 60s, 30m, 2h, 1d; 31d at most."
    )
    target: str = Field(
        default="", max_length=100, description="An id, or a profile's name. Empty: each one."
    )

    @property
    def limit(self) -> Limit:
        return Limit(self.scope, self.what, self.amount, read_duration(self.per), self.target)
