"""Google's Gemini, through its OpenAI-compatible door.

https://ai.google.dev/gemini-api/docs/openai

It refuses every key that it does not know, so the fewest are sent.
"""

from backends.chat_completions import ChatCompletions
from backends.quirks import Quirks
from backends.sampling import JSON_OBJECT, Rule, Sampling, takes

dialect = ChatCompletions(
    Quirks(
        names=("gemini",),
        base_url="https://generativelanguage.googleapis.com/v1beta/openai",
        embeds=True,
        sampling=Sampling(
            takes(
                *("top_p", "stop", "reasoning_effort"),
                temperature=Rule("temperature", most=2),
                max_completion_tokens="max_tokens",
                force_json=JSON_OBJECT,
                otherwise="Gemini refuses it",
            ),
            checked="2026-11-23",
            most_stops=5,
        ),
    )
)
