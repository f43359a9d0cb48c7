"""What a channel may do while its profile is down."""

from typing import Literal

WhenDown = Literal["fallback", "queue"]
"""What a channel does while its profile is down. fallback: others answer, as the profile says.
queue: its messages wait until the profile is back."""
