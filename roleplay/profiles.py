"""A connection profile: one LLM server and how to talk to it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, InstanceOf, JsonValue, SecretStr
from pydantic.json_schema import SkipJsonSchema

from roleplay.sampler import Sampler
from roleplay.templates.builtin import BUILT_IN
from roleplay.templates.template import Template

ProfileName = Annotated[str, Field(pattern=r"^[\w.-]{1,64}$")]

Secret = Annotated[SecretStr | None, AfterValidator(lambda secret: secret or None)]
"""An empty secret, as an unset variable leaves it, is none."""

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]

PRESET_ENDING = ".json"
"""A `template` that ends so is no name but the path of a SillyTavern preset."""

TEMPLATES: list[JsonValue] = [
    {"enum": list[JsonValue](BUILT_IN)},
    {"type": "string", "pattern": r"\.json$|^\$\{"},
]
"""What editors offer and accept: the names, a file, a variable."""

FALLBACK_WINDOW = 4096
"""Tokens assumed where neither the profile nor the server names a window: the smallest in use."""

FALLBACK_REPLY = 400
"""Tokens kept free for the reply where the profile sets no limit: the support matrix's example."""


class Timeouts(BaseModel):
    """Seconds. Unset means: by where the server is, `LOCAL` or `CLOUD` below."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    connect: float | None = Field(default=None, gt=0, description="Until a connection stands.")
    first_token: float | None = Field(
        default=None, alias="firstToken", gt=0, description="Until the reply begins."
    )
    gap: float | None = Field(default=None, gt=0, description="Between two pieces of the reply.")
    total: float | None = Field(default=None, gt=0, description="For one request in all.")
    probe: float | None = Field(default=None, gt=0, description="For one health probe.")


LOCAL = Timeouts(connect=3, firstToken=300, gap=60, total=600, probe=2)
"""A local server may load its model for minutes before the first token."""

CLOUD = Timeouts(connect=5, firstToken=60, gap=30, total=180, probe=3)


class Price(BaseModel):
    """What a million tokens cost, in whichever currency."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    input: float = Field(ge=0, description="Of the prompt.")
    output: float = Field(ge=0, description="Of the reply, reasoning included.")
    cached_input: float | None = Field(
        default=None,
        alias="cachedInput",
        ge=0,
        description="Of the prompt where the server had it in its cache. Unset: as input.",
    )


class ConnectionProfile(BaseModel):
    """One entry of `profiles` in `config.json`; keys exactly as in the support matrix.

    `name` is the entry's key, `preset` what was read from the file that `template` names.
    `base_url` and `model` may be empty: the first is then the default of
    the type, the second the server's own first model.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True
    )

    name: ProfileName = Field(default="", exclude=True)
    type: str = Field(default="openai", description="The kind of server.")
    api_key: Secret = Field(
        default=None, alias="apiKey", description="Best from the environment: ${OPENAI_API_KEY}."
    )
    base_url: str = Field(
        default="", alias="baseURL", description="The server's address. Unset: the type's own."
    )
    model: str = Field(default="", description="Unset: the first one that the server lists.")
    mode: Literal["chat", "text"] = Field(
        default="chat",
        description="chat: the server applies its own template. text: the profile's is applied.",
    )
    template: str | None = Field(
        default=None,
        description="Prompt format for mode text: a name, or a SillyTavern instruct preset's file.",
        json_schema_extra={"anyOf": [*TEMPLATES, {"type": "null"}]},
    )
    preset: SkipJsonSchema[InstanceOf[Template] | None] = Field(default=None, exclude=True)
    sampler: Sampler = Sampler()
    fallback_profiles: tuple[str, ...] = Field(
        default=(), alias="fallbackProfiles", description="Tried in this order, each once."
    )
    max_retries: int = Field(
        default=3, alias="maxRetries", ge=0, le=10, description="After the first try."
    )
    max_concurrent: int | None = Field(
        default=None,
        alias="maxConcurrent",
        ge=1,
        le=256,
        description="Requests at the same time; more wait in line.",
    )
    timeouts: Timeouts = Timeouts()
    price: Price | None = Field(
        default=None, description="Per million tokens; /usage adds up what replies cost."
    )
    extra_body: dict[str, JsonValue] = Field(
        default={}, alias="extraBody", description="More keys of the request, for this server only."
    )
    extra_headers: dict[HeaderName, SecretStr] = Field(
        default={}, alias="extraHeaders", description="More headers of every request."
    )

    @property
    def text_template(self) -> Template | None:
        """Makes one text of the messages; None where the server is sent the messages.

        A `template` that nobody knows is refused with the config.
        """
        if self.mode == "chat":
            return None
        return self.preset or BUILT_IN[self.template or ""]

    @property
    def window(self) -> int:
        """Tokens the prompt and the reply share."""
        return self.sampler.max_context_tokens or FALLBACK_WINDOW

    @property
    def reply_tokens(self) -> int:
        """Tokens kept free for the reply; never more than half the window."""
        return min(self.sampler.max_completion_tokens or FALLBACK_REPLY, self.window // 2)
