"""Half characters: JSON can carry one half of an emoji, and no file or socket takes it."""

HIGH = ("\ud800", "\udbff")


class HalfJoiner:
    """Joins halves that came in two pieces; a half that stays alone becomes U+FFFD."""

    def __init__(self) -> None:
        self._half = ""

    def feed(self, text: str) -> str:
        if text.isascii() and not self._half:
            return text
        text, self._half = self._half + text, ""
        if text and HIGH[0] <= text[-1] <= HIGH[1]:
            text, self._half = text[:-1], text[-1]
        return whole_characters(text)


def whole_characters(text: str) -> str:
    """The text as it can be written, pairs joined and single halves replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
