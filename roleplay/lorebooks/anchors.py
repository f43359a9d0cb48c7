"""Timers count messages; a channel's age must cost nothing. So what is kept is where they began.

A timer is kept as the message at which its entry fired, and counted in the history that is read for
the prompt anyway. Where that is not the whole chat the count begins at `FAR`, so that delays are
over. An effect whose message was deleted ends, as does one that began before what was read.
"""

from collections.abc import Sequence

from roleplay.lorebooks.result import Timer, Timers
from roleplay.lorebooks.store import Anchor, Anchors

FAR = 1_000_000


def chat_length(messages: Sequence[int], *, older: bool) -> int:
    """`messages` are the ids of the history, oldest first; `older`: there are more before them."""
    return len(messages) + (FAR if older else 0)


def counted(anchors: Anchors, messages: Sequence[int], *, older: bool) -> Timers:
    """The timers as a scan counts them."""
    first = FAR if older else 0
    places = {message: place for place, message in enumerate(messages, first + 1)}
    oldest = min(messages, default=0)
    timers: dict[str, Timer] = {}
    for key, anchor in anchors.items():
        start = places.get(anchor.message_id)
        if start is None and older and anchor.lasts is None and anchor.message_id < oldest:
            start = first
        if start is not None:
            timers[key] = Timer(start, None if anchor.lasts is None else start + anchor.lasts)
    return timers


def anchored(timers: Timers, before: Anchors, messages: Sequence[int], *, older: bool) -> Anchors:
    """What to keep of the timers after a scan; `before` is what they were counted from."""
    first = FAR if older else 0
    found: dict[str, Anchor] = {}
    for key, timer in timers.items():
        place = timer.start - first - 1
        if 0 <= place < len(messages):
            lasts = None if timer.end is None else timer.end - timer.start
            found[key] = Anchor(messages[place], lasts)
        elif key in before:
            found[key] = before[key]
    return found
