"""OpenAI, and any server that speaks its protocol, at whatever `baseURL`."""

from backends.address import host_of
from backends.chat_completions import ChatCompletions
from backends.quirks import Quirks
from roleplay.profiles import ConnectionProfile

OPENAI = Quirks(
    names=("openai",),
    base_url="https://api.openai.com/v1",
    checked="2026-11-23",
    max_tokens="max_completion_tokens",
    drops=frozenset({"top_k"}),
)
"""OpenAI itself: reasoning models refuse `max_tokens`, and an unknown key is an error."""

COMPATIBLE = Quirks(
    names=("openai",), base_url=OPENAI.base_url, checked="2026-11-23", completions="/completions"
)
"""Everyone else: `max_tokens` is the name they all know."""

HOSTS = frozenset({"api.openai.com", "eu.api.openai.com", "us.api.openai.com"})


class OpenAI(ChatCompletions):
    """Goes by the host, because the type says only which protocol is spoken."""

    def row(self, profile: ConnectionProfile) -> Quirks:
        return OPENAI if host_of(profile.base_url) in HOSTS else COMPATIBLE


dialect = OpenAI(OPENAI)
