"""Sampler settings, by the names that people write in `config.json`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

NonEmptyText = Annotated[str, Field(min_length=1)]


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
    stop: tuple[NonEmptyText, ...] = Field(
        default=(), description="The reply ends before any of these."
    )
    n: int = Field(default=1, ge=1, le=16, description="Alternatives to ask for.")
    force_json: bool = Field(default=False, alias="forceJson", description="Ask for JSON output.")
