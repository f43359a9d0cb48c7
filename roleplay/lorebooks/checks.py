"""Whether one entry fires, by SillyTavern's order of checks."""

from dataclasses import dataclass

from roleplay.lorebooks.book import Logic
from roleplay.lorebooks.compiled import CompiledBook, CompiledEntry, Key
from roleplay.lorebooks.haystack import Haystack, View
from roleplay.lorebooks.result import Why, WhyNot
from roleplay.lorebooks.surroundings import Surroundings
from roleplay.lorebooks.timing import Effect, Timing
from roleplay.phrases import say


@dataclass(frozen=True, slots=True)
class Fires:
    why: Why
    key: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fails:
    why: WhyNot
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """One round of a scan. `level` is the newest of `delay_until_recursion` that may fire."""

    recursion: bool = False
    min_activations: bool = False
    level: int = 0


class Checks:
    """`recursive` is the setting."""

    def __init__(
        self, around: Surroundings, haystack: Haystack, timing: Timing, *, recursive: bool
    ) -> None:
        self._around = around
        self._haystack = haystack
        self._timing = timing
        self._recursive = recursive

    def check(self, entry: CompiledEntry, book: CompiledBook, now: Pass) -> Fires | Fails | None:
        """None: none of its keys is there, which is no news."""
        view = self._haystack.view(entry, recursion=not now.min_activations)
        effect = self._timing.effect(entry)
        hindered = self._hindered(entry, effect, now)
        if hindered is None and (free := self._without_keys(entry, effect)):
            return free
        marked = entry.entry.constant or entry.decorators.activate or effect == "sticky"
        key = self._first(entry.keys, entry, book, view)
        if hindered is not None:
            return hindered if key or marked else None
        if key is None:
            return self._broken(entry)
        return self._more_keys(entry, book, view) or self._fires(key, entry, book, view)

    def _hindered(self, entry: CompiledEntry, effect: Effect | None, now: Pass) -> Fails | None:
        """By anything but its keys."""
        return (
            self._unfit(entry)
            or self._timed(entry, effect)
            or self._decorated(entry, effect)
            or (None if effect == "sticky" else self._of_recursion(entry, now))
        )

    def _unfit(self, entry: CompiledEntry) -> Fails | None:
        own = entry.entry
        if not own.enabled:
            return Fails("disabled")
        if own.triggers and self._around.trigger not in own.triggers:
            return Fails("trigger", ", ".join(own.triggers))
        if not self._for_character(entry):
            return Fails("character", self._around.character)
        return None

    def _for_character(self, entry: CompiledEntry) -> bool:
        who = entry.entry.characters
        listed = {name.casefold() for name in who.names}
        if listed and (self._around.character.casefold() in listed) is who.exclude:
            return False
        tags = {tag.casefold() for tag in who.tags}
        own = {tag.casefold() for tag in self._around.tags}
        return not tags or bool(tags & own) is not who.exclude

    def _timed(self, entry: CompiledEntry, effect: Effect | None) -> Fails | None:
        if self._around.length < entry.entry.delay:
            return Fails(
                "delay", say("until the chat has {count} messages", count=entry.entry.delay)
            )
        if effect == "cooldown":
            return Fails("cooldown")
        return None

    def _of_recursion(self, entry: CompiledEntry, now: Pass) -> Fails | None:
        level = entry.entry.delay_until_recursion
        if level and (not now.recursion or level > now.level):
            return Fails("recursion", say("waits for level {level}", level=level))
        if now.recursion and self._recursive and entry.entry.exclude_recursion:
            return Fails("recursion", say("not by other entries"))
        return None

    def _decorated(self, entry: CompiledEntry, effect: Effect | None) -> Fails | None:
        marks, around = entry.decorators, self._around
        after, every = marks.activate_only_after, marks.activate_only_every
        if after is not None and around.spoken < after:
            return Fails("decorator", f"@@activate_only_after {after}")
        if every is not None and around.spoken % every:
            return Fails("decorator", f"@@activate_only_every {every}")
        if marks.dont_activate_after_match and effect is not None:
            return Fails("decorator", "@@dont_activate_after_match")
        if marks.is_greeting is not None and around.greeting not in (None, marks.is_greeting):
            return Fails("decorator", f"@@is_greeting {marks.is_greeting}")
        if marks.dont_activate and not marks.activate:
            return Fails("decorator", "@@dont_activate")
        return None

    def _without_keys(self, entry: CompiledEntry, effect: Effect | None) -> Fires | None:
        if entry.decorators.activate:
            return Fires("decorator", "@@activate")
        if entry.entry.constant:
            return Fires("constant")
        if effect == "sticky":
            return Fires("sticky")
        if entry.decorators.keep_activate_after_match and effect is not None:
            return Fires("decorator", "@@keep_activate_after_match")
        return None

    def _more_keys(self, entry: CompiledEntry, book: CompiledBook, view: View) -> Fails | None:
        if entry.secondary and not self._secondary(entry, book, view):
            keys = ", ".join(key.text for key in entry.secondary)
            return Fails("secondary keys", f"{entry.entry.logic.name}: {keys}")
        if entry.additional and not self._first(entry.additional, entry, book, view):
            return Fails("secondary keys", "@@additional_keys")
        if unwanted := self._first(entry.excluded, entry, book, view):
            return Fails("secondary keys", f"@@exclude_keys: {unwanted.text}")
        return None

    def _secondary(self, entry: CompiledEntry, book: CompiledBook, view: View) -> bool:
        found = [self._haystack.has(key, entry, book, view) for key in entry.secondary]
        match entry.entry.logic:
            case Logic.AND_ANY:
                return any(found)
            case Logic.NOT_ALL:
                return not all(found)
            case Logic.NOT_ANY:
                return not any(found)
            case Logic.AND_ALL:
                return all(found)

    def _first(
        self, keys: tuple[Key, ...], entry: CompiledEntry, book: CompiledBook, view: View
    ) -> Key | None:
        return next((key for key in keys if self._haystack.has(key, entry, book, view)), None)

    def _fires(self, key: Key, entry: CompiledEntry, book: CompiledBook, view: View) -> Fires:
        return Fires("key", key.text, self._haystack.source(key, entry, book, view))

    def _broken(self, entry: CompiledEntry) -> Fails | None:
        broken = (key.pattern.problem for key in entry.keys if key.pattern)
        problem = next(filter(None, broken), "")
        return Fails("pattern", problem) if problem else None

    def score(self, entry: CompiledEntry, book: CompiledBook, now: Pass) -> int:
        """How many keys are there, for group scoring: secondary ones only where they are wanted."""
        view = self._haystack.view(entry, recursion=not now.min_activations)
        primary = sum(self._haystack.has(key, entry, book, view) for key in entry.keys)
        secondary = sum(self._haystack.has(key, entry, book, view) for key in entry.secondary)
        if not entry.keys or not entry.secondary:
            return primary
        whole = entry.entry.logic == Logic.AND_ALL and secondary == len(entry.secondary)
        wanted = entry.entry.logic == Logic.AND_ANY or whole
        return primary + secondary if wanted else primary
