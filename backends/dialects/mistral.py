"""Mistral's API.

https://docs.mistral.ai/api
"""

from backends.chat_completions import ChatCompletions
from backends.continuing import Prefill
from backends.quirks import Quirks
from backends.sampling import JSON_OBJECT, Rule, Sampling, takes

dialect = ChatCompletions(
    Quirks(
        names=("mistral",),
        base_url="https://api.mistral.ai/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("top_p", "frequency_penalty", "presence_penalty", "stop", "n"),
                temperature=Rule("temperature", most=1.5),
                max_completion_tokens="max_tokens",
                seed=Rule("random_seed", least=0),
                force_json=JSON_OBJECT,
                otherwise="Mistral refuses it",
            ),
            checked="2026-11-23",
        ),
        usage_on_request=False,
        prefill=Prefill(repeats=True, message={"prefix": True}),
    )
)
