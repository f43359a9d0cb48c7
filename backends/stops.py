"""Stop strings, enforced here: servers cap their number, ignore them, or cut them in two."""

from collections.abc import Sequence

from roleplay.chat import AnyRequest
from roleplay.profiles import ConnectionProfile


class StopFilter:
    """Passes text on until a stop string appears, also one that straddles pieces.

    What could be the beginning of a stop string is held back, at most its length less one.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held: str = ""
        self.hit = False

    def feed(self, text: str) -> str:
        """The text that is surely before any stop string."""
        if not self._stops or self.hit:
            return "" if self.hit else text
        text = self._held + text
        found = [at for stop in self._stops if (at := text.find(stop)) >= 0]
        if found:
            self.hit, self._held = True, ""
            return text[: min(found)]
        keep = max(overlap(text, stop) for stop in self._stops)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def close(self) -> str:
        """The reply ended: what was held back was no stop string."""
        held, self._held = self._held, ""
        return held


def overlap(text: str, mark: str) -> int:
    """How many of the last characters of `text` begin `mark` without completing it."""
    for size in range(min(len(text), len(mark) - 1), 0, -1):
        if text.endswith(mark[:size]):
            return size
    return 0


def all_stops(request: AnyRequest, profile: ConnectionProfile) -> tuple[str, ...]:
    """The turn's own stop strings first: they name who is there now."""
    return tuple(dict.fromkeys((*request.stop, *profile.sampler.stop)))


def most_valuable(stops: Sequence[str], most: int | None) -> Sequence[str]:
    """At most so many, without those that another one makes needless by being a part of it.

    The rest is enforced here, at the price of a few tokens.
    """
    if most is None or len(stops) <= most:
        return stops
    alone = [one for one in stops if not any(other in one for other in stops if other != one)]
    return alone[:most]
