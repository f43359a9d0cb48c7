"""OpenRouter.

https://openrouter.ai/docs/api-reference/overview
"""

from dataclasses import replace
from typing import Any

from backends.chat_completions import ChatCompletions
from backends.dialect import Found, WireRequest
from backends.quirks import MODELS, Ask, Quirks
from backends.sampling import JSON_OBJECT, NO_EFFECT, Sampling, takes
from roleplay.chat import ChatRequest
from roleplay.errors import OutOfCredit
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

FREE = ":free"


def read_key(answer: Json, model: str) -> Found:
    """The list of models is public; this one proves the key."""
    left = answer["data"].get("limit_remaining")
    if left is not None and left <= 0 and not model.endswith(FREE):
        raise OutOfCredit(
            say("The key's limit is used up."),
            hint=say("Raise the key's limit at openrouter.ai/settings/keys, or use another key."),
        )
    return Found()


class OpenRouter(ChatCompletions):
    """Passes a request on to one of several providers."""

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest:
        """Where JSON is asked for, only providers that can give it are asked."""
        wire = super().encode(request, profile)
        if not profile.sampler.force_json:
            return wire
        return replace(wire, body={**(wire.body or {}), "provider": {"require_parameters": True}})


dialect = OpenRouter(
    Quirks(
        names=("openrouter",),
        base_url="https://openrouter.ai/api/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "top_p", "top_k", "min_p", "top_a", "seed", "logit_bias", "n"),
                *("frequency_penalty", "presence_penalty", "repetition_penalty", "stop"),
                *("max_completion_tokens", "reasoning_effort"),
                force_json=JSON_OBJECT,
                otherwise=NO_EFFECT,
            ),
            checked="2026-11-23",
        ),
        asks=(MODELS, Ask("/key", read_key)),
        completions="/completions",
        retries=1,
        headers={"X-OpenRouter-Title": "RoleForge", "X-Title": "RoleForge"},
    )
)
