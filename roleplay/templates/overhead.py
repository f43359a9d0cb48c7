"""The tokens that a template adds to the texts."""

import re

from roleplay.templates.template import Template, Turn
from roleplay.tokens import Overhead, Ratios, estimate, weigh

SPECIAL = re.compile(r"<[^\s<>]+>")
"""One token each in the vocabularies made for them; other marks are text."""

BOS_TOKENS = 1
LINE_END = 1


def overhead_of(template: Template) -> Overhead:
    """Rather too many than too few: turns that are merged need fewer marks."""
    opening = template.opening or Turn("", "")
    filler = _around(template.user) + _tokens(template.filler) if template.filler else 0
    return Overhead(
        once=BOS_TOKENS + _around(opening) + filler + _tokens(template.reply),
        around={
            "system": _around(template.system) if template.system else LINE_END,
            "user": _around(template.user),
            "assistant": _around(template.assistant),
        },
    )


def _around(turn: Turn) -> int:
    return _tokens(turn.before) + _tokens(turn.after)


def _tokens(mark: str) -> int:
    words = SPECIAL.sub("", mark)
    return len(SPECIAL.findall(mark)) + estimate(weigh(words), Ratios())
