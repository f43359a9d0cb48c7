"""The LiteLLM proxy.

https://docs.litellm.ai/docs/simple_proxy

Its /health calls every model behind it, which costs money: it is never asked.
"""

from typing import Any, cast

from backends.chat_completions import ChatCompletions
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Count, Quirks
from backends.sampling import JSON_OBJECT, Rule, Sampling, takes

Json = dict[str, Any]

PERHAPS = "if the model behind the proxy knows it"


def read_ready(answer: Json, _model: str) -> Found:
    return Found(version=str(answer.get("litellm_version") or ""))


def read_info(answer: Json, model: str) -> Found:
    entries = cast("list[Json]", answer["data"])
    ours = [entry["model_info"] for entry in entries if entry["model_name"] == model]
    return Found(window=ours[0].get("max_input_tokens") if ours else None)


dialect = ChatCompletions(
    Quirks(
        names=("litellm",),
        base_url="http://localhost:4000/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "top_p", "frequency_penalty", "presence_penalty", "stop", "n"),
                max_completion_tokens="max_tokens",
                seed=Rule("seed", PERHAPS),
                logit_bias=Rule("logit_bias", PERHAPS),
                reasoning_effort=Rule("reasoning_effort", PERHAPS),
                force_json=JSON_OBJECT,
                otherwise="the proxy refuses what is not OpenAI's; extraBody can carry it",
            ),
            checked="2026-11-23",
            most_stops=4,
        ),
        asks=(
            Ask("/health/readiness", read_ready, at_root=True, needed=False),
            MODELS,
            Ask("/model/info", read_info, at_root=True, needed=False),
        ),
        count=Count(
            "/utils/token_counter",
            lambda text, model: {"model": model, "prompt": text},
            lambda answer: int(answer["total_tokens"]),
            at_root=True,
        ),
        retries=1,
    )
)
