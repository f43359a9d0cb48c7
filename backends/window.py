"""How large a profile's window is, by everything known so far."""

from roleplay.profiles import FALLBACK_REPLY, FALLBACK_WINDOW, ConnectionProfile


class Window:
    """The smallest of what the profile says, what the server says, and what it once refused."""

    def __init__(self, profile: ConnectionProfile) -> None:
        self._configured = profile.sampler.max_context_tokens
        self._wanted_reply = profile.sampler.max_completion_tokens
        self._told: int | None = None
        self._refused: int | None = None

    @property
    def tokens(self) -> int:
        known = [n for n in (self._configured, self._told, self._refused) if n is not None]
        if self._configured is None and self._told is None:
            known.append(FALLBACK_WINDOW)
        return min(known)

    @property
    def reply_tokens(self) -> int:
        """Tokens kept free for the reply; never more than half the window."""
        return min(self._wanted_reply or FALLBACK_REPLY, self.tokens // 2)

    @property
    def max_tokens(self) -> int | None:
        """What to ask for where the profile's own limit would not fit; None: the profile's."""
        wanted = self._wanted_reply
        return self.reply_tokens if wanted and wanted > self.reply_tokens else None

    def told(self, tokens: int) -> None:
        """The server names its window."""
        self._told = tokens

    def refused(self, tokens: int) -> None:
        """The server refused a prompt without numbers; up to `tokens` will be tried from now on."""
        self._refused = tokens
