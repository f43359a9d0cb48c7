"""`{{macros}}` in cards and prompts, replaced in one pass: values are never read again."""

import re
from collections.abc import Mapping

MACRO = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def expand(text: str, values: Mapping[str, str]) -> str:
    """Replace `{{name}}`, in any case, by its value; an unknown macro stays as it is written."""
    return MACRO.sub(lambda macro: values.get(macro[1].lower(), macro[0]), text)
