"""Discord's rate limits, enforced: 50 requests a second in all, and a bucket for each channel."""

import time
from dataclasses import dataclass
from hashlib import blake2s

UNCOUNTED = ("/interactions/", "/webhooks/")
"""Routes that do not count against the global limit."""


@dataclass(slots=True)
class Bucket:
    """A window opens with its first request and lasts `seconds`."""

    limit: int
    seconds: float
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> float:
        """0 when the request may pass, else the seconds until it may."""
        if now >= self.ends:
            self.ends, self.used = now + self.seconds, 0
        if self.used >= self.limit:
            return self.ends - now
        self.used += 1
        return 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    wait: float
    everywhere: bool
    headers: dict[str, str]


class Limits:
    """What a request meets; counts are kept for the life of the fake."""

    def __init__(
        self, *, per_second: int = 50, per_channel: int = 5, channel_seconds: float = 5.0
    ) -> None:
        self._global = Bucket(per_second, 1.0)
        self._per_channel = (per_channel, channel_seconds)
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self.refused = 0

    def check(self, route: str, major: str) -> Verdict:
        """`major` is the channel's or webhook's id, "" where the route has none."""
        now = time.monotonic()
        bucket = self._buckets.setdefault((route, major), Bucket(*self._per_channel))
        counted = not any(part in route for part in UNCOUNTED)
        wait = self._global.take(now) if counted else 0.0
        everywhere = wait > 0
        if not everywhere and major:
            wait = bucket.take(now)
        self.refused += wait > 0
        return Verdict(wait, everywhere, self._headers(route, bucket, now) if major else {})

    def _headers(self, route: str, bucket: Bucket, now: float) -> dict[str, str]:
        left = max(0.0, bucket.ends - now)
        return {
            "X-RateLimit-Bucket": blake2s(route.encode(), digest_size=8).hexdigest(),
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.limit - bucket.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
        }
