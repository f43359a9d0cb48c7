"""text-generation-webui, started with --api.

https://github.com/oobabooga/text-generation-webui/wiki/12-%E2%80%90-OpenAI-API
"""

import json
from typing import Any

from backends.chat_completions import ChatCompletions
from backends.continuing import Prefill
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Count, Quirks
from backends.sampling import JSON_GRAMMAR, NO_EFFECT, NO_PHRASES, Rule, Sampling, takes
from roleplay.errors import NoSuchModel
from roleplay.phrases import say

Json = dict[str, Any]

NONE_LOADED = "None"


def read_info(answer: Json, _model: str) -> Found:
    """It answers with the model that is loaded, and one request at a time."""
    if answer["model_name"] == NONE_LOADED:
        raise NoSuchModel(
            say("The server is up, but no model is loaded."),
            hint=say("Load one on the web UI's page Model, or start it with --model."),
        )
    return Found(slots=1)


dialect = ChatCompletions(
    Quirks(
        names=("textgen",),
        base_url="http://127.0.0.1:5000/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "top_p", "top_k", "min_p", "typical_p", "top_a", "tfs", "seed"),
                *("frequency_penalty", "presence_penalty", "repetition_penalty", "stop"),
                *("mirostat_tau", "mirostat_eta", "dry_multiplier", "dry_base"),
                *("dry_allowed_length", "xtc_threshold", "xtc_probability", "logit_bias"),
                max_completion_tokens="max_tokens",
                max_context_tokens="truncation_length",
                mirostat="mirostat_mode",
                dry_sequence_breakers=Rule("dry_sequence_breakers", shape=json.dumps),
                force_json=Rule("grammar_string", shape=lambda _: JSON_GRAMMAR),
                banned_strings=Rule(why=NO_PHRASES),
                n=Rule(why="it refuses several alternatives in one stream"),
                otherwise=NO_EFFECT,
            ),
            checked="2026-11-23",
        ),
        asks=(Ask("/internal/model/info", read_info), MODELS),
        count=Count(
            "/internal/token-count",
            lambda text, _: {"text": text},
            lambda answer: int(answer["length"]),
        ),
        completions="/completions",
        prefill=Prefill(repeats=True, body={"continue_": True}),
    )
)
