"""What managers are told in /channel show of voices that do not work."""

from collections.abc import Callable

from bot.voices.hooks import Hooks
from bot.voices.shelf import EmojiShelf
from roleplay.phrases import say


def troubles_of(hooks: Hooks, shelf: EmojiShelf) -> Callable[[int], list[str]]:
    """Lines for a channel; a thread is asked for by its parent."""

    def lines(channel_id: int) -> list[str]:
        hook, pictures = hooks.trouble(channel_id), shelf.trouble
        found = [say("⚠️ Characters speak as the bot here: {why}", why=hook)] if hook else []
        return found + ([say("⚠️ No avatars just now: {why}", why=pictures)] if pictures else [])

    return lines
