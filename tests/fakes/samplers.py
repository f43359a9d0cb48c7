"""Sampler settings for tests, and what a dialect makes of them."""

from typing import Any

from backends.dialects import dialect_for, settled
from roleplay.chat import ChatMessage, ChatRequest
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

HELLO = ChatRequest((ChatMessage("user", "Hi"),))

FULL = Sampler(
    temperature=0.7,
    topP=0.9,
    topK=40,
    minP=0.05,
    typicalP=0.9,
    topA=0.1,
    tfs=0.9,
    max_completion_tokens=400,
    maxContextTokens=2048,
    frequencyPenalty=0.5,
    presencePenalty=0.5,
    repetitionPenalty=1.1,
    mirostat=2,
    mirostatTau=5,
    mirostatEta=0.1,
    dryMultiplier=0.8,
    dryBase=1.75,
    dryAllowedLength=2,
    drySequenceBreakers=("\n", ":"),
    xtcThreshold=0.1,
    xtcProbability=0.5,
    seed=7,
    logitBias={"1234": -5},
    bannedStrings=("shivers down",),
    reasoningEffort="low",
    stop=("User:",),
    n=2,
    forceJson=True,
)
"""Every key that there is."""

NOT_SAMPLED = {"model", "messages", "stream", "stream_options"}


def wire(dialect: str, sampler: Sampler = FULL, **profile: Any) -> dict[str, object]:
    """The sampler's keys in a chat request to such a server."""
    chosen = settled(ConnectionProfile(type=dialect, model="m", sampler=sampler, **profile))
    body = dialect_for(chosen).encode(HELLO, chosen).body or {}
    assert NOT_SAMPLED - {"stream_options"} <= body.keys()
    return {key: value for key, value in body.items() if key not in NOT_SAMPLED}
