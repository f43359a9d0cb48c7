"""TabbyAPI, ExLlama's server.

https://github.com/theroyallab/tabbyAPI/wiki
"""

from typing import Any

from backends.chat_completions import ChatCompletions
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Count, Quirks, nothing
from backends.sampling import JSON_SCHEMA, NO_EFFECT, Rule, Sampling, takes

Json = dict[str, Any]


def read_loaded(answer: Json, _model: str) -> Found:
    """The model that is loaded; the list names those on the disk."""
    parameters: Json = answer["parameters"]
    return Found(window=parameters.get("max_seq_len"), slots=parameters.get("max_batch_size"))


dialect = ChatCompletions(
    Quirks(
        names=("tabbyapi",),
        base_url="http://127.0.0.1:5000/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "stop", "n"),
                *("xtc_threshold", "xtc_probability", "logit_bias", "banned_strings"),
                max_completion_tokens="max_tokens",
                frequency_penalty=Rule("frequency_penalty", least=0),
                presence_penalty=Rule("presence_penalty", least=0),
                force_json=JSON_SCHEMA,
                otherwise=NO_EFFECT,
            ),
            checked="2026-11-23",
        ),
        asks=(
            Ask("/health", nothing, at_root=True),
            MODELS,
            Ask("/model", read_loaded, needed=False),
        ),
        count=Count(
            "/token/encode",
            lambda text, _: {"text": text, "add_bos_token": False, "encode_special_tokens": False},
            lambda answer: int(answer["length"]),
        ),
        completions="/completions",
    )
)
