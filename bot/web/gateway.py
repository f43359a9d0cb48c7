"""Is Discord connected? discord.py's own `is_ready` comes late and outlasts the connection."""

import math
from typing import Any

import discord


def heartbeat(client: discord.Client) -> float | None:
    """Seconds that Discord's last answer to a heartbeat took; None while not connected."""
    socket: Any = client.ws  # None before the first connection
    if socket is None or socket.session_id is None or not socket.open:
        return None
    latency = client.latency
    return latency if math.isfinite(latency) else 0.0
