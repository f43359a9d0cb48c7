"""Moving all channels from one profile to another, with a way back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from roleplay.bindings import Moved, Mover
from roleplay.phrases import say


@dataclass(frozen=True, slots=True)
class Move:
    """What was done, and how to undo it; `undo` is None when nothing was done."""

    text: str
    undo: Callable[[], Awaitable[str]] | None


class Moving:
    """`default` is the config's default profile."""

    def __init__(self, mover: Mover, default: Callable[[], str]) -> None:
        self._mover = mover
        self._default = default

    async def __call__(self, old: str, new: str, guild_id: int | None) -> Move:
        """In one server, or (None) in all. Replies that are being written end as they began."""
        moved = await self._mover.move(old, new, guild_id)
        lines = [_told(moved, old, new)]
        if self._default() == old:
            lines.append(
                say(
                    "Whoever chose nothing still uses {old}: it is defaultProfile in config.json.",
                    old=old,
                )
            )

        async def undo() -> str:
            back = await self._mover.move_back(moved, old, new)
            return _told(back, new, old)

        return Move("\n".join(lines), undo if moved.channels or moved.guilds else None)


def _told(moved: Moved, old: str, new: str) -> str:
    return say(
        "Moved from {old} to {new}: channels {channels}, servers' defaults {servers}.",
        old=old,
        new=new,
        channels=len(moved.channels),
        servers=len(moved.guilds),
    )
