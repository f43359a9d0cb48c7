"""Groq's API.

https://console.groq.com/docs/openai
"""

from backends.chat_completions import ChatCompletions
from backends.quirks import Quirks
from backends.sampling import JSON_OBJECT, Rule, Sampling, takes

dialect = ChatCompletions(
    Quirks(
        names=("groq",),
        base_url="https://api.groq.com/openai/v1",
        sampling=Sampling(
            takes(
                *("top_p", "frequency_penalty", "presence_penalty", "seed", "stop"),
                *("max_completion_tokens", "reasoning_effort"),
                temperature=Rule("temperature", most=2),
                force_json=JSON_OBJECT,
                otherwise="Groq refuses it",
            ),
            checked="2026-11-23",
            most_stops=4,
        ),
    )
)
