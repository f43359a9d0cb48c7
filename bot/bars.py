"""A day as a line of text, where no picture can be drawn."""

from collections.abc import Sequence

from roleplay.history import Bucket

HOURS = 24
HEIGHTS = "▁▂▃▄▅▆▇█"


def day_bar(hours: Sequence[Bucket], now: float) -> str:
    """One sign an hour, the running one last: how much of it the profile was up; · is unknown."""
    newest = int(now // 3600)
    uptimes = {newest - one.at // 3600: one.uptime for one in hours}
    return "".join(_sign(uptimes.get(ago)) for ago in range(HOURS - 1, -1, -1))


def _sign(uptime: float | None) -> str:
    return "·" if uptime is None else HEIGHTS[round(uptime * (len(HEIGHTS) - 1))]
