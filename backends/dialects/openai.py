"""OpenAI, and any server that speaks its protocol, at whatever `baseURL`."""

from dataclasses import replace

from backends.address import host_of, port_of
from backends.chat_completions import ChatCompletions
from backends.quirks import Quirks
from backends.sampling import JSON_OBJECT, Rule, Sampling, takes
from roleplay.profiles import ConnectionProfile

OPENAI = Quirks(
    names=("openai",),
    base_url="https://api.openai.com/v1",
    sampling=Sampling(
        takes(
            *("top_p", "frequency_penalty", "presence_penalty"),
            *("max_completion_tokens", "stop", "n", "seed", "logit_bias", "reasoning_effort"),
            temperature=Rule("temperature", most=2),
            force_json=JSON_OBJECT,
            otherwise="OpenAI refuses it",
        ),
        checked="2026-11-23",
        most_stops=4,
    ),
    embeds=True,
)
"""OpenAI itself: reasoning models refuse `max_tokens`, and an unknown key is an error."""

PERHAPS = "if the server behind the address knows it"

COMPATIBLE = Quirks(
    names=("openai",),
    base_url=OPENAI.base_url,
    sampling=Sampling(
        takes(
            *("temperature", "top_p", "frequency_penalty", "presence_penalty", "stop", "n"),
            max_completion_tokens="max_tokens",
            top_k=Rule("top_k", PERHAPS),
            min_p=Rule("min_p", PERHAPS),
            repetition_penalty=Rule("repetition_penalty", PERHAPS),
            seed=Rule("seed", PERHAPS),
            logit_bias=Rule("logit_bias", PERHAPS),
            reasoning_effort=Rule("reasoning_effort", PERHAPS),
            force_json=JSON_OBJECT,
            otherwise="the type openai has no such key; the server's own type may",
        ),
        checked="2026-11-23",
        most_stops=4,
    ),
    embeds=True,
    completions="/completions",
)
"""Everyone else: `max_tokens` is the name they all know."""

OLLAMA_PORT = 11434

OLLAMA = replace(COMPATIBLE, completions=None)
"""Its /v1/completions applies the model's own template around ours; the type `ollama` does not."""

HOSTS = frozenset({"api.openai.com", "eu.api.openai.com", "us.api.openai.com"})


class OpenAI(ChatCompletions):
    """Goes by the host, because the type says only which protocol is spoken."""

    def row(self, profile: ConnectionProfile) -> Quirks:
        if host_of(profile.base_url) in HOSTS:
            return OPENAI
        return OLLAMA if port_of(profile.base_url) == OLLAMA_PORT else COMPATIBLE


dialect = OpenAI(OPENAI)
