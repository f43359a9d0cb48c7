"""Reasoning that a model writes into its reply as <think>...</think>, taken out of the speech."""

from backends.stops import overlap

OPENING = ("<think>", "<thought>")
CLOSING = ("</think>", "</thought>")


class ThinkingFilter:
    """Parts speech from reasoning. A tag may be cut anywhere; a lone closing tag vanishes."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._skip_space = False

    def feed(self, text: str) -> tuple[str, str]:
        """The speech and the reasoning that are surely known by now."""
        speech, reasoning = "", ""
        text, self._held = self._held + text, ""
        while text:
            if self._skip_space and not (text := text.lstrip()):
                break
            self._skip_space = False
            before, tag, text = self._cut(text)
            if self._thinking:
                reasoning += before
            else:
                speech += before
            if tag:
                self._thinking = tag in OPENING
                self._skip_space = not self._thinking
        return speech, reasoning

    def close(self) -> tuple[str, str]:
        """The reply ended: what was held back was no tag."""
        held, self._held = self._held, ""
        return ("", held) if self._thinking else (held, "")

    def _cut(self, text: str) -> tuple[str, str, str]:
        """Text before the first tag, that tag, text after it; what may begin a tag is held back."""
        tags = CLOSING if self._thinking else OPENING + CLOSING
        found = [(at, tag) for tag in tags if (at := text.find(tag)) >= 0]
        if found:
            at, tag = min(found)
            return text[:at], tag, text[at + len(tag) :]
        keep = max(overlap(text, tag) for tag in tags) if "<" in text else 0
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep], "", ""
