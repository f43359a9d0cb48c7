"""The list of models, which nearly every server has in OpenAI's form."""

from typing import Any, cast

from backends.dialect import Found
from roleplay.cautions import same_model

Json = dict[str, Any]

WINDOW_KEYS = ("max_model_len", "context_window", "max_context_length", "context_length")
"""vLLM, Groq, Mistral, OpenRouter."""


def read_models(answer: object, model: str) -> Found:
    """The names in the list; the window of `model`, or of the only one there."""
    entries: list[Json] = cast("Json", answer)["data"]
    names = tuple(str(entry["id"]) for entry in entries)
    asked = [entry for entry in entries if entry["id"] == model]
    if not asked and len(entries) == 1:
        asked = entries
    return Found(
        models=names,
        window=_window(asked[0]) if asked else None,
        shutdowns={str(each["id"]): day for each in entries if (day := each.get("shutdown_date"))},
    )


def _window(entry: Json) -> int | None:
    sizes = (entry.get(key) for key in WINDOW_KEYS)
    return next((size for size in sizes if isinstance(size, int) and size > 0), None)


def is_listed(model: str, models: tuple[str, ...]) -> bool | None:
    """Whether the server names this model; None where none is named or none are listed."""
    if not model or not models:
        return None
    return any(model == name or same_model(model, name) for name in models)
