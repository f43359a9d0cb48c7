"""vLLM's server.

https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
"""

from typing import Any

from backends.chat_completions import ChatCompletions
from backends.continuing import Prefill
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Count, Quirks, nothing
from backends.sampling import JSON_OBJECT, NO_EFFECT, Rule, Sampling, takes

Json = dict[str, Any]

MOST_BANNED = 128


def read_version(answer: Json, _model: str) -> Found:
    return Found(version=str(answer["version"]))


dialect = ChatCompletions(
    Quirks(
        names=("vllm",),
        base_url="http://localhost:8000/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "min_p", "frequency_penalty", "presence_penalty", "stop", "n"),
                *("repetition_penalty", "seed", "logit_bias", "reasoning_effort"),
                top_p=Rule("top_p", least=0.01),
                top_k=Rule("top_k", off=-1),
                max_completion_tokens="max_tokens",
                banned_strings=Rule("bad_words", shape=lambda words: list(words[:MOST_BANNED])),
                force_json=JSON_OBJECT,
                otherwise=NO_EFFECT,
            ),
            checked="2026-11-23",
            most_stops=4,
        ),
        asks=(
            Ask("/health", nothing, at_root=True),
            MODELS,
            Ask("/version", read_version, at_root=True, needed=False),
        ),
        count=Count(
            "/tokenize",
            lambda text, model: {"model": model, "prompt": text, "add_special_tokens": False},
            lambda answer: int(answer["count"]),
            at_root=True,
        ),
        completions="/completions",
        prefill=Prefill(body={"continue_final_message": True, "add_generation_prompt": False}),
    )
)
