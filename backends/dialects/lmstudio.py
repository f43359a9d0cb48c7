"""LM Studio's server.

https://lmstudio.ai/docs/developer/openai-compat
"""

from typing import Any, cast

from backends.chat_completions import ChatCompletions
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Quirks
from backends.sampling import JSON_SCHEMA, NO_EFFECT, Sampling, takes

Json = dict[str, Any]


def read_loaded(answer: Json, model: str) -> Found:
    """The window a model was loaded with; one that is not loaded has none yet."""
    entries = cast("list[Json]", answer["data"])
    loaded = [entry for entry in entries if entry.get("state") == "loaded"]
    ours = [entry for entry in loaded if entry["id"] == model] or ([] if model else loaded)
    return Found(window=ours[0].get("loaded_context_length") if ours else None, slots=1)


dialect = ChatCompletions(
    Quirks(
        names=("lmstudio",),
        base_url="http://localhost:1234/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty"),
                *("seed", "logit_bias", "stop"),
                max_completion_tokens="max_tokens",
                repetition_penalty="repeat_penalty",
                force_json=JSON_SCHEMA,
                otherwise=NO_EFFECT,
            ),
            checked="2026-11-23",
        ),
        asks=(MODELS, Ask("/api/v0/models", read_loaded, at_root=True, needed=False)),
        completions="/completions",
    )
)
