"""The registry of all figures, where prometheus-client is installed."""

from collections.abc import Callable, Mapping

from bot.status_reader import Lines
from bot.watcher import Gauge
from bot.web.endpoints import Expose
from bot.web.watched import Watched
from roleplay.profiles import ConnectionProfile


def figures(
    profiles: Callable[[], Mapping[str, ConnectionProfile]],
    *,
    monitor: Watched,
    lines: Lines,
    turns: Callable[[], int],
    latency: Callable[[], float | None],
) -> tuple[Expose, Gauge] | None:
    """What `/metrics` says, and who counts traffic for it; None without prometheus-client.

    `turns` counts the channels with a turn; `latency` is Discord's in seconds, None while it is not
    connected.
    """
    try:
        from prometheus_client import CollectorRegistry  # noqa: PLC0415 - an extra
        from prometheus_client.exposition import (  # noqa: PLC0415
            CONTENT_TYPE_LATEST,
            generate_latest,
        )
    except ImportError:
        return None
    from bot.web.meters import Meters  # noqa: PLC0415 - it needs the extra
    from bot.web.snapshot import Snapshot  # noqa: PLC0415 - likewise

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Snapshot(_Program(profiles, turns, latency), monitor, lines))
    meters = Meters(registry, profiles)
    return lambda: (generate_latest(registry), CONTENT_TYPE_LATEST), meters


class _Program:
    def __init__(
        self,
        profiles: Callable[[], Mapping[str, ConnectionProfile]],
        turns: Callable[[], int],
        latency: Callable[[], float | None],
    ) -> None:
        self._profiles = profiles
        self.turns = turns
        self.latency = latency

    def profiles(self) -> list[str]:
        return list(self._profiles())
