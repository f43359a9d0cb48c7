"""Sampler settings, by the names that people write in `config.json`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

NonEmptyText = Annotated[str, Field(min_length=1)]

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]

TokenId = Annotated[str, Field(pattern=r"^\d+$")]

Bias = Annotated[float, Field(ge=-100, le=100)]


class Sampler(BaseModel):
    """How a model picks its words. Unset (None) means: leave it to the server.

    `max_context_tokens` is not sent to most servers: it is the window the prompt is fitted to, in
    tokens, reply included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    temperature: float | None = Field(
        default=None, ge=0, le=10, description="Higher is more creative."
    )
    top_p: float | None = Field(
        default=None, alias="topP", ge=0, le=1, description="Nucleus sampling."
    )
    top_k: int | None = Field(
        default=None, alias="topK", ge=-1, description="Only the K likeliest tokens."
    )
    min_p: float | None = Field(
        default=None,
        alias="minP",
        ge=0,
        le=1,
        description="Against unlikely tokens.",
    )
    typical_p: float | None = Field(
        default=None, alias="typicalP", ge=0, le=1, description="Locally typical sampling."
    )
    top_a: float | None = Field(
        default=None, alias="topA", ge=0, le=1, description="Like minP, by the square."
    )
    tfs: float | None = Field(default=None, ge=0, le=1, description="Tail-free sampling.")
    max_completion_tokens: int | None = Field(
        default=None, ge=1, description="Tokens in a reply, at most."
    )
    max_context_tokens: int | None = Field(
        default=None,
        alias="maxContextTokens",
        ge=256,
        description="Window in tokens, reply included.",
    )
    frequency_penalty: float | None = Field(
        default=None,
        alias="frequencyPenalty",
        ge=-2,
        le=2,
        description="Against words the more they were used.",
    )
    presence_penalty: float | None = Field(
        default=None,
        alias="presencePenalty",
        ge=-2,
        le=2,
        description="Against words that were used at all.",
    )
    repetition_penalty: float | None = Field(
        default=None,
        alias="repetitionPenalty",
        gt=0,
        le=10,
        description="Above 1: against what was said before.",
    )
    mirostat: Literal[0, 1, 2] | None = Field(default=None, description="0 is off, 2 the newer.")
    mirostat_tau: float | None = Field(
        default=None, alias="mirostatTau", ge=0, le=100, description="How surprising words may be."
    )
    mirostat_eta: float | None = Field(
        default=None, alias="mirostatEta", ge=0, le=1, description="How fast mirostat learns."
    )
    dry_multiplier: float | None = Field(
        default=None,
        alias="dryMultiplier",
        ge=0,
        le=100,
        description="DRY, against repeated phrases: its strength. 0 is off.",
    )
    dry_base: float | None = Field(
        default=None, alias="dryBase", ge=0, le=10, description="DRY: growth with the length."
    )
    dry_allowed_length: int | None = Field(
        default=None, alias="dryAllowedLength", ge=0, description="DRY: tokens that may repeat."
    )
    dry_sequence_breakers: tuple[NonEmptyText, ...] = Field(
        default=(), alias="drySequenceBreakers", description="DRY: texts that end a phrase."
    )
    xtc_threshold: float | None = Field(
        default=None,
        alias="xtcThreshold",
        ge=0,
        le=1,
        description="XTC, against the obvious word: how likely it must be.",
    )
    xtc_probability: float | None = Field(
        default=None, alias="xtcProbability", ge=0, le=1, description="XTC: how often. 0 is off."
    )
    seed: int | None = Field(
        default=None, ge=-1, lt=2**63, description="The same seed, the same dice."
    )
    logit_bias: dict[TokenId, Bias] | None = Field(
        default=None, alias="logitBias", description="Token ids, each with a bias."
    )
    banned_strings: tuple[NonEmptyText, ...] = Field(
        default=(), alias="bannedStrings", description="Phrases that the model may not write."
    )
    reasoning_effort: Effort | None = Field(
        default=None, alias="reasoningEffort", description="How long a reasoning model thinks."
    )
    stop: tuple[NonEmptyText, ...] = Field(
        default=(), description="The reply ends before any of these."
    )
    n: int = Field(default=1, ge=1, le=16, description="Alternatives to ask for.")
    force_json: bool = Field(default=False, alias="forceJson", description="Ask for JSON output.")
