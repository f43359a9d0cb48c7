"""How often one place may be told of one profile by a new message. Edits are free."""

from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence

from roleplay.ports import Clock

MOST_POSTS = 2
"""New messages about a profile, to one server, within `HOUR` seconds."""

HOUR = 3600.0

Key = tuple[int, str]
"""A server, owner or webhook (see `Notice`), and a profile."""


class PostLimit:
    """Counts on the monotonic clock, so that no jump of the other one allows more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._posts: defaultdict[Key, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_POSTS))

    def load(self, posts: Mapping[Key, Sequence[float]]) -> None:
        """Take up what was posted before a restart; what lies in the future counts as now."""
        now, here = self._clock.now(), self._clock.monotonic()
        for key, times in posts.items():
            self._posts[key].extend(here - max(now - at, 0.0) for at in sorted(times))

    def allows(self, place: int, profiles: Collection[str]) -> bool:
        """Whether a new message about all of these may be posted now."""
        return all(self._room(place, profile) for profile in profiles)

    def note(self, place: int, profiles: Collection[str]) -> None:
        for profile in profiles:
            self._posts[place, profile].append(self._clock.monotonic())

    def _room(self, place: int, profile: str) -> bool:
        posts = self._posts.get((place, profile), ())
        since = self._clock.monotonic() - HOUR
        return sum(at > since for at in posts) < MOST_POSTS
