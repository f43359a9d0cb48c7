"""The shape of `config.json`."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.health import HealthSection
from bot.config.limits import LimitSection
from bot.config.section import Seconds, Section
from roleplay.asides import MARKERS
from roleplay.bindings import AnswerMode
from roleplay.lorebooks.settings import LoreSettings, Strategy
from roleplay.memory.store import MemoryRules
from roleplay.outages import WhenDown
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile, Secret
from roleplay.prompting.instructions import DEFAULT_MAIN
from roleplay.sampler import NonEmptyText


def _digits(value: object) -> object:
    text = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20
    return int(str(value)) if text else value


Snowflake = Annotated[
    int,
    BeforeValidator(_digits, json_schema_input_type=int | Annotated[str, Field(pattern=r"^\d+$")]),
    Field(ge=1, lt=2**63),
]
"""A Discord id. Also as text: some editors round numbers this long."""


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(say("Write a time zone as Europe/Berlin or UTC.")) from None
    return name


PROXIES = (466378653216014359, 431544605209788416)
"""PluralKit and Tupperbox."""


class DiscordSection(Section):
    """The bot's account."""

    token: Secret = Field(default=None, description="From the Developer Portal, page Bot.")
    owner_ids: tuple[Snowflake, ...] = Field(
        default=(), alias="ownerIds", description="Beside the app's owner."
    )
    dev_guild: Snowflake | None = Field(
        default=None, alias="devGuild", description="A server that gets command changes at once."
    )


class StorageSection(Section):
    """Where conversations are kept."""

    folder: str = Field(
        default="data",
        min_length=1,
        description="Relative to the config file. Created when missing.",
    )
    keep_left: float = Field(
        default=30,
        alias="keepLeft",
        ge=0,
        le=3650,
        description="Days after which the data of a server that was left are removed.",
    )


class HttpSection(Section):
    """Endpoints for monitors: /healthz, /readyz and /metrics. They ask for no password."""

    enabled: bool = Field(default=False, description="true: listen.")
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Who can reach this address can read them."
    )
    port: int = Field(default=9464, ge=0, le=65535, description="0: any that is free.")


class CharacterSection(Section):
    """Who speaks. `{{char}}` in the prompt is the name; no name means: the bot's own."""

    name: str = Field(default="", max_length=80, description="Empty: the bot's own name.")
    prompt: str = Field(
        default="", description="Its own system prompt, in place of the one in chat.prompt."
    )


class PromptSection(Section):
    """What every character is told, where its card, channel or server does not say otherwise."""

    main: str = Field(
        default=DEFAULT_MAIN, description="The first text of every prompt; {{char}} is the name."
    )
    post_history: str = Field(
        default="", alias="postHistory", description="The last text of every prompt."
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="", description="Of {{time}} and {{date}}, as Europe/Berlin. Unset: the machine's."
    )


class LorebookSection(Section):
    """How lorebooks are scanned: SillyTavern's settings, with the values it comes with."""

    scan_depth: int = Field(
        default=2, ge=0, le=1000, alias="scanDepth", description="Messages that are looked at."
    )
    budget_percent: float = Field(
        default=25, ge=0, le=100, alias="budgetPercent", description="Of the context window."
    )
    budget_cap: int = Field(default=0, ge=0, alias="budgetCap", description="In tokens; 0: none.")
    recursive: bool = Field(default=True, description="Whether entries set off other entries.")
    max_recursion_steps: int = Field(
        default=0, ge=0, alias="maxRecursionSteps", description="Rounds of a scan; 0: no limit."
    )
    min_activations: int = Field(
        default=0,
        ge=0,
        alias="minActivations",
        description="Older messages are looked at until so many entries fire; 0: off.",
    )
    min_activations_depth: int = Field(
        default=0,
        ge=0,
        alias="minActivationsDepth",
        description="Messages at most for minActivations; 0: all.",
    )
    whole_words: bool = Field(
        default=True, alias="wholeWords", description="A key of one word is no part of another."
    )
    case_sensitive: bool = Field(
        default=False, alias="caseSensitive", description="Whether the case of keys counts."
    )
    include_names: bool = Field(
        default=True, alias="includeNames", description="Whether names before messages count."
    )
    group_scoring: bool = Field(
        default=False,
        alias="groupScoring",
        description="Of a group only the entries with the most keys found are left.",
    )
    strategy: Strategy = Field(
        default="evenly",
        description="Whose entries take from the budget first: the character's or the server's.",
    )

    def settings(self) -> LoreSettings:
        return LoreSettings(**self.model_dump())


class ChatSection(Section):
    """How channels are answered, where a channel does not say otherwise."""

    mode: AnswerMode = Field(
        default="all",
        description="all: every message. mention: mentions, replies to the bot, wake words.",
    )
    wake_words: tuple[NonEmptyText, ...] = Field(
        default=(), alias="wakeWords", description="Words that also call the bot."
    )
    when_down: WhenDown = Field(
        default="fallback",
        alias="whenDown",
        description="fallback: other profiles answer. queue: messages wait until it is back.",
    )
    ooc_markers: tuple[NonEmptyText, ...] = Field(
        default=MARKERS,
        alias="oocMarkers",
        description='What is out of character: "((...))" around it, or "//" at its beginning.',
    )
    buttons: bool = Field(
        default=True, description="false: no buttons below the newest reply of a channel."
    )
    character: CharacterSection = CharacterSection()
    prompt: PromptSection = PromptSection()
    lorebooks: LorebookSection = LorebookSection()
    voices: Literal["characters", "all", "none"] = Field(
        default="characters",
        description="Who speaks under a name of its own, by webhook: characters added in Discord, "
        "all (the config's character too), or none.",
    )
    proxies: tuple[Snowflake, ...] = Field(
        default=PROXIES,
        description="Application ids of bots that repeat people's messages under other names.",
    )
    edit_interval: Seconds = Field(
        default=1.2, alias="editInterval", description="Seconds between edits while a reply grows."
    )
    deadline: Seconds | None = Field(
        default=None,
        description="Seconds for all tries together. Unset: 120, or 600 with a local server.",
    )
    max_concurrent: int = Field(
        default=64,
        alias="maxConcurrent",
        ge=1,
        le=1000,
        description="Replies being written at the same time, over all channels.",
    )


class MemorySection(Section):
    """What a channel remembers of what no longer fits into a prompt."""

    enabled: bool = Field(
        default=True, description="false: none, but where /memory on says otherwise."
    )
    summary_every: int = Field(
        default=50,
        alias="summaryEvery",
        ge=20,
        le=1000,
        description="Messages that are gathered before they are summed up.",
    )
    summary_tokens: int = Field(
        default=300, alias="summaryTokens", ge=50, le=4000, description="Of a summary, at most."
    )
    recall: bool = Field(
        default=True, description="false: earlier messages are not searched for what is spoken of."
    )
    recall_tokens: int = Field(
        default=200,
        alias="recallTokens",
        ge=50,
        le=4000,
        description="Of all recalled messages together, at most.",
    )
    embeddings: str = Field(
        default="",
        description="The profile whose model finds messages by what they are about, not only by "
        "their words. Unset: none.",
    )

    def rules(self) -> MemoryRules:
        return MemoryRules(
            self.enabled,
            self.summary_every,
            self.summary_tokens,
            self.recall,
            self.recall_tokens,
            self.embeddings,
        )


class Config(Section):
    """The settings of RoleForge."""

    schema_url: str | None = Field(
        default=None, alias="$schema", exclude=True, description="For editors."
    )
    default_profile: str = Field(
        default="",
        alias="defaultProfile",
        description="Used where no channel and no server chose one. Unset: the first profile.",
    )
    profiles: dict[str, ConnectionProfile] = Field(
        min_length=1, description="LLM servers, by names you choose."
    )
    discord: DiscordSection = DiscordSection()
    storage: StorageSection = StorageSection()
    health: HealthSection = HealthSection()
    http: HttpSection = HttpSection()
    chat: ChatSection = ChatSection()
    memory: MemorySection = MemorySection()
    limits: tuple[LimitSection, ...] = Field(
        default=(), description="How much may be asked for: messages, tokens, money."
    )
