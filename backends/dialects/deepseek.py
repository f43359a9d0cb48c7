"""DeepSeek's API.

https://api-docs.deepseek.com
"""

from typing import Any

from backends.chat_completions import ChatCompletions
from backends.dialect import Found
from backends.quirks import MODELS, Ask, Quirks
from backends.sampling import JSON_OBJECT, Rule, Sampling, takes
from roleplay.errors import OutOfCredit
from roleplay.phrases import say

THINKING = "but not while it thinks"


def read_balance(answer: dict[str, Any], _model: str) -> Found:
    if not answer["is_available"]:
        raise OutOfCredit(
            say("The account's balance is used up."),
            hint=say("Top it up at platform.deepseek.com, or use another profile."),
        )
    return Found()


dialect = ChatCompletions(
    Quirks(
        names=("deepseek",),
        base_url="https://api.deepseek.com",
        sampling=Sampling(
            takes(
                "stop",
                temperature=Rule("temperature", THINKING, most=2),
                top_p=Rule("top_p", THINKING),
                frequency_penalty=Rule("frequency_penalty", THINKING),
                presence_penalty=Rule("presence_penalty", THINKING),
                max_completion_tokens="max_tokens",
                force_json=JSON_OBJECT,
            ),
            checked="2026-11-23",
            most_stops=16,
        ),
        asks=(MODELS, Ask("/user/balance", read_balance, at_root=True, needed=False)),
    )
)
