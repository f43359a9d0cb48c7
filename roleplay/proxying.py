"""Bots such as PluralKit repeat a person's message under another name and delete the original.

Which came first, and whether both are heard, is up to Discord: here the two are brought together.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from roleplay.sanitise import SPACE
from roleplay.transcript import IncomingMessage

SECONDS = 10.0
"""Between an original and its proxy, by Discord's clock."""

RECENT = 300
"""Messages, over all channels, among which a proxy's original is looked for."""

MOST_PEOPLE = 10_000
"""Who is known to write through a proxy, at most."""

PATIENCE = 3
"""Messages without a proxy after which a person is taken to write plainly again."""


@dataclass(frozen=True, slots=True)
class Original:
    """A message by a person, and the turn that it waits in, None: it wants no answer."""

    message: IncomingMessage
    turn_id: int | None


class ProxyWatch:
    """Remembers what came lately. In memory only: all of it is over within seconds."""

    def __init__(self) -> None:
        self._originals: deque[Original] = deque(maxlen=RECENT)
        self._proxies: deque[IncomingMessage] = deque(maxlen=RECENT)
        self._misses: OrderedDict[tuple[int, int | None], int] = OrderedDict()

    def note(self, message: IncomingMessage, turn_id: int | None) -> None:
        self._originals.append(Original(message, turn_id))

    def original_of(self, proxy: IncomingMessage) -> Original | None:
        """What the proxy repeats; the proxy is remembered for an original that comes later."""
        found = _newest(each for each in self._originals if _repeats(proxy, each.message))
        if found is None:
            self._proxies.append(proxy)
            return None
        self._originals.remove(found)
        self._learn(found.message)
        return found

    def is_repeated(self, message: IncomingMessage) -> bool:
        """Its proxy came before it."""
        found = next((proxy for proxy in self._proxies if _repeats(proxy, message)), None)
        if found is None:
            return False
        self._proxies.remove(found)
        self._learn(message)
        return True

    def expects(self, message: IncomingMessage) -> bool:
        """Its writer uses a proxy in this server: one will probably come."""
        return (message.author_id, message.guild_id) in self._misses

    def missed(self, message: IncomingMessage) -> bool:
        """No proxy has come for it: True, and the writer is taken to write plainly sooner."""
        waiting = next((each for each in self._originals if each.message == message), None)
        key = (message.author_id, message.guild_id)
        if waiting is None or key not in self._misses:
            return False
        self._misses[key] += 1
        if self._misses[key] >= PATIENCE:
            del self._misses[key]
        return True

    def _learn(self, message: IncomingMessage) -> None:
        key = (message.author_id, message.guild_id)
        self._misses[key] = 0
        self._misses.move_to_end(key)
        while len(self._misses) > MOST_PEOPLE:
            self._misses.popitem(last=False)


def _newest(found: Iterable[Original]) -> Original | None:
    return max(found, key=lambda each: each.message.discord_id, default=None)


def _repeats(proxy: IncomingMessage, message: IncomingMessage) -> bool:
    """A proxy leaves out the marks that called for it; what is left is all in the original."""
    near = abs(proxy.created_at - message.created_at) <= SECONDS
    text = _plain(proxy.text)
    return (
        near
        and proxy.channel_id == message.channel_id
        and bool(text)
        and text in _plain(message.text)
    )


def _plain(text: str) -> str:
    return SPACE.sub(" ", text).strip().casefold()
