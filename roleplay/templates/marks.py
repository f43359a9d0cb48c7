"""The marks of a template that nobody may write into a message."""

import re
from collections.abc import Iterator

from roleplay.templates.template import Template, Turn

BRACKETED = re.compile(r"<{1,2}[^\s<>]+>{1,2}|\[[^\s\[\]]+\]")
"""<|im_end|>, </s>, <<SYS>>, [INST]."""


def marks_of(template: Template) -> tuple[str, ...]:
    """Bracketed marks, and where a line of the grammar has none, the whole line ("### Response:").

    Of the stop strings only the bracketed: the others may be as harmless as a heading. Lines with
    a macro are left out, because people's lines rightly begin with their names.
    """
    grammar = [line.strip() for text in _texts(template) for line in text.splitlines()]
    plain = [line for line in grammar if line and "{{" not in line and not BRACKETED.search(line)]
    bracketed = BRACKETED.findall("\n".join([*grammar, *template.stops, template.bos]))
    return tuple(dict.fromkeys((*bracketed, *plain)))


def _texts(template: Template) -> Iterator[str]:
    yield template.reply
    for turn in _turns(template):
        yield turn.before
        yield turn.after


def _turns(template: Template) -> Iterator[Turn]:
    optional = (
        template.system,
        template.opening,
        template.first_user,
        template.first_assistant,
        template.last_user,
    )
    yield from (template.user, template.assistant, *filter(None, optional))
