"""One tree of errors. Each says what happened (`str`) and what to do next (`hint`).

RoleForgeError
├── ConfigError              a file or a setting is wrong; carries every `Problem` found
├── StorageError             the database
│   ├── DatabaseInUse        another process holds the data folder
│   ├── DatabaseDamaged      not a database, or corrupt
│   └── DiskFull
├── CardError                a character's file cannot be read, or is more than is allowed
├── ChatError                a chat's file cannot be read
├── CastError                a change to a channel's characters that cannot be made
├── DiceError                what was written is no roll, or a larger one than anybody needs
├── LorebookError            a file is no lorebook, or an entry in it is wrong
├── NoPrompt                 there is nobody here whose prompt could be shown
├── PersonaError             a persona cannot be what is asked for, or a file holds none
├── PresetError              a file is no preset that can be used
├── PictureError             a picture cannot be used
├── Stopped                  a person stopped the reply before its first word
└── BackendError             an LLM server
    ├── Unreachable          refused, unknown host, unroutable, connection lost before an answer
    ├── TlsFailed            certificate or protocol; never retried
    ├── TimedOut             connect, first token, gap or total
    ├── RateLimited          429; `retry_after` seconds where the server said
    ├── Overloaded           503, 529 and their kin
    ├── ServerFailed         5xx, crashed model
    ├── Loading              the model is being loaded: starting, not down
    ├── BadKey               401 and look-alikes
    ├── Forbidden            403
    ├── OutOfCredit          billing; never retried
    ├── NoSuchModel          the model is not there
    ├── ContextOverflow      prompt longer than the window; numbers where the server gave them
    ├── BadParameter         the server refuses a parameter; its name where the server gave it
    ├── RequestTooBig        larger than the account's tier allows
    ├── Filtered             a content filter stopped it
    ├── BadResponse          an answer that is not the protocol: HTML, garbage, oversize
    ├── EmptyReply           an answer without any text
    ├── StreamBroken         cut after text had begun; never retried silently
    ├── EmbeddedFailed       the model RoleForge runs itself: engine, model file or process
    ├── NoSuchProfile        not asked: no profile has that name (any more)
    ├── CircuitOpen          not asked: its breaker is open
    ├── BudgetReached        not asked: a limit of messages, tokens or money leaves no room
    └── AllProfilesFailed    every profile of the chain failed; carries the attempts
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from roleplay.chat import Attempt


class RoleForgeError(Exception):
    """The root. `hint` is one or two sentences for the person who can mend it; may be empty."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file. `line` and `column` count from 1; 0 means unknown."""

    file: str
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigError(RoleForgeError):
    """Everything that is wrong with a configuration, found in one pass."""

    def __init__(self, problems: Sequence[Problem], *, hint: str = "") -> None:
        super().__init__("\n".join(str(problem) for problem in problems), hint=hint)
        self.problems = tuple(problems)


class StorageError(RoleForgeError):
    """The database could not do what was asked."""


class DatabaseInUse(StorageError):
    """Another process works in this data folder."""


class DatabaseDamaged(StorageError):
    """The file is not a database or fails its checks."""


class DiskFull(StorageError):
    """There is no room to write; reading still works."""


class CardError(RoleForgeError):
    """A file is no character that can be used. The text names the file, and the key or place."""


class ChatError(RoleForgeError):
    """A file is no chat that can be used. The text names the file, the line and the key."""


class CastError(RoleForgeError):
    """A channel's characters cannot be changed like that. `str` is for the one who asked."""


class DiceError(RoleForgeError):
    """No dice can be thrown like that. `str` names the part."""


class NoPrompt(RoleForgeError):
    """A channel has no prompt: nobody speaks there, or not the one that was asked for."""


class LorebookError(RoleForgeError):
    """A lorebook cannot be read or changed. The text names the file, the entry and its key."""


class PersonaError(RoleForgeError):
    """A persona cannot be what its person asks for, or a file holds none."""


class PresetError(RoleForgeError):
    """A file is no preset that can be used. The text names the file and the place."""


class PictureError(RoleForgeError):
    """A picture is none, is broken or too large, or none can be drawn here."""


class Stopped(RoleForgeError):
    """A person pressed Stop and nothing had been said yet."""


class BackendError(RoleForgeError):
    """An LLM server did not give what was asked.

    Class attributes say what each class means: `retryable` (the same request may succeed soon; a
    server's own word may change it for one error), `unhealthy` (counts against the server's health
    and its breaker), `next_profile` (a fallback is worth trying). `most_retries` bounds the retries
    of one class below the profile's own limit.
    `code` is the stable name used in logs, JSON output and the database.
    """

    code: ClassVar[str] = "backend_error"
    retryable: bool = False
    most_retries: ClassVar[int | None] = None
    unhealthy: ClassVar[bool] = False
    next_profile: ClassVar[bool] = True

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        profile: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.profile = profile
        self.status = status
        self.retry_after = retry_after
        self.attempts: tuple[Attempt, ...] = ()


class Unreachable(BackendError):
    code = "unreachable"
    retryable = True
    unhealthy = True


class TlsFailed(BackendError):
    code = "tls"
    unhealthy = True


class TimedOut(BackendError):
    """`timer` is one of connect, first_token, gap, total."""

    code = "timeout"
    retryable = True
    unhealthy = True

    def __init__(self, message: str, *, timer: str, hint: str = "", profile: str = "") -> None:
        super().__init__(message, hint=hint, profile=profile)
        self.timer = timer


class RateLimited(BackendError):
    code = "rate_limited"
    retryable = True


class Overloaded(BackendError):
    code = "overloaded"
    retryable = True
    unhealthy = True


class ServerFailed(BackendError):
    code = "server_failed"
    retryable = True
    unhealthy = True


class Loading(BackendError):
    code = "loading"
    retryable = True


class BadKey(BackendError):
    code = "bad_key"
    unhealthy = True


class Forbidden(BackendError):
    code = "forbidden"
    unhealthy = True


class OutOfCredit(BackendError):
    """`affordable` is how many tokens of reply the account still pays for, where it was told."""

    code = "out_of_credit"
    unhealthy = True
    affordable: int | None = None


class NoSuchModel(BackendError):
    code = "no_model"
    unhealthy = True


class ContextOverflow(BackendError):
    """`prompt_tokens` and `window` are the server's own numbers, None where it gave none."""

    code = "context_overflow"

    def __init__(
        self,
        message: str,
        *,
        prompt_tokens: int | None = None,
        window: int | None = None,
        hint: str = "",
        profile: str = "",
        status: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, profile=profile, status=status)
        self.prompt_tokens = prompt_tokens
        self.window = window


class BadParameter(BackendError):
    """`parameter` is the wire name the server refused, "" where it did not say."""

    code = "bad_parameter"

    def __init__(
        self,
        message: str,
        *,
        parameter: str = "",
        hint: str = "",
        profile: str = "",
        status: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, profile=profile, status=status)
        self.parameter = parameter


class RequestTooBig(BackendError):
    """`excess` is by how many tokens, prompt and reply together, where the server told."""

    code = "request_too_big"
    excess: int | None = None


class Filtered(BackendError):
    code = "filtered"
    next_profile = False


class BadResponse(BackendError):
    code = "bad_response"
    unhealthy = True


class EmptyReply(BackendError):
    """The server answered with no text; often a cold start or a full context. Worth one retry."""

    code = "empty_reply"
    retryable = True
    most_retries = 1


class StreamBroken(BackendError):
    """The stream ended early after visible text; the text so far stands."""

    code = "stream_broken"
    unhealthy = True
    next_profile = False


class EmbeddedFailed(BackendError):
    code = "embedded"
    unhealthy = True


class NoSuchProfile(BackendError):
    code = "no_profile"


class CircuitOpen(BackendError):
    """Not asked at all; `retry_after` is when the breaker lets one request through."""

    code = "circuit_open"


class BudgetReached(BackendError):
    """Not asked at all. `quiet`: those whom it concerns have been told in this window already."""

    code = "budget"
    quiet: bool = False


class AllProfilesFailed(BackendError):
    """Nobody answered. `causes` holds the last error of each profile, in the order tried."""

    code = "all_failed"
    next_profile = False

    def __init__(self, message: str, *, causes: Sequence[BackendError], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.causes = tuple(causes)
