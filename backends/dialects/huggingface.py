"""Hugging Face: the router to Inference Providers, and endpoints that run TGI.

https://huggingface.co/docs/inference-providers/index
https://huggingface.co/docs/text-generation-inference/reference/api_reference
"""

from typing import Any

from backends.address import host_of
from backends.chat_completions import ChatCompletions
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Count, Quirks
from backends.sampling import JSON_OBJECT, Rule, Rules, Sampling, takes
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

CHECKED = "2026-11-23"

STRICT: Rules = takes(
    *("frequency_penalty", "presence_penalty", "repetition_penalty", "seed", "stop"),
    temperature=Rule("temperature", least=0.01),
    top_p=Rule("top_p", least=0.01, most=0.99, off=1),
    max_completion_tokens="max_tokens",
    force_json=JSON_OBJECT,
)
"""TGI refuses a temperature of 0 and a topP of 0 or 1, and providers are often TGI."""


def read_info(info: Json, _model: str) -> Found:
    window = info.get("max_total_tokens") or info.get("max_input_tokens")
    return Found(
        models=(str(info["model_id"]),),
        window=window,
        version=str(info.get("version") or ""),
    )


ROUTER = Quirks(
    names=("huggingface",),
    base_url="https://router.huggingface.co/v1",
    sampling=Sampling(STRICT, CHECKED, most_stops=4),
)
"""Its list of models is public, so only a reply proves the key."""

ENDPOINT = Quirks(
    names=ROUTER.names,
    base_url=ROUTER.base_url,
    sampling=Sampling(
        {**STRICT, "typical_p": Rule("typical_p", least=0.01, most=0.99, off=1)},
        CHECKED,
        most_stops=4,
    ),
    asks=(Ask("/models", MODELS.read, needed=False), Ask("/info", read_info, at_root=True)),
    count=Count("/tokenize", lambda text, _: {"inputs": text}, len, at_root=True),
)


class HuggingFace(ChatCompletions):
    """Goes by the host: everything but the router is an endpoint of one's own."""

    def row(self, profile: ConnectionProfile) -> Quirks:
        return ROUTER if host_of(profile.base_url) == host_of(ROUTER.base_url) else ENDPOINT


dialect = HuggingFace(ROUTER)
