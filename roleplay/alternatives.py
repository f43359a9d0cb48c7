"""The other replies that came with one, where a profile asks for several."""

from roleplay.chat import Delta


class Alternatives:
    """Gathers every choice but the first."""

    def __init__(self) -> None:
        self._texts: dict[int, list[str]] = {}

    def add(self, delta: Delta) -> None:
        if delta.choice:
            self._texts.setdefault(delta.choice, []).append(delta.text)

    @property
    def texts(self) -> tuple[str, ...]:
        """In the server's order, without those that say nothing."""
        whole = ("".join(parts).strip() for _, parts in sorted(self._texts.items()))
        return tuple(filter(None, whole))
