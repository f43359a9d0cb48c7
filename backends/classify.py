"""A server's refusal, in whatever words, becomes one of our errors with a hint.

Looked at in this order: what overrules a code, the body's type or code, its text, the status.
"""

from http import HTTPStatus

from backends import hints
from backends.allowance import note_allowance
from backends.dialect import Refusal
from backends.fault import Fault, read_fault
from backends.redact import showable
from backends.retry_after import retry_after, should_retry
from roleplay.errors import (
    BackendError,
    BadKey,
    BadParameter,
    BadResponse,
    ContextOverflow,
    Filtered,
    Forbidden,
    Loading,
    NoSuchModel,
    OutOfCredit,
    Overloaded,
    RateLimited,
    RequestTooBig,
    ServerFailed,
    TimedOut,
)
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

OVERRULING: tuple[tuple[str, type[BackendError]], ...] = (
    ("string_above_max_length", BadParameter),
    ("request too large", RequestTooBig),
    ("prompt tokens limit exceeded", RequestTooBig),
    ("credit balance is too low", OutOfCredit),
    ("insufficient balance", OutOfCredit),
    ("included credits", OutOfCredit),
    ("can only afford", OutOfCredit),
)
"""Words that mean something else than the code they come with."""

CODES: dict[str, type[BackendError]] = {
    "invalid_api_key": BadKey,
    "authentication_error": BadKey,
    "unauthorized": BadKey,
    "api_key_invalid": BadKey,
    "token_not_found_in_db": BadKey,
    "permission_error": Forbidden,
    "permission_denied": Forbidden,
    "key_model_access_denied": Forbidden,
    "insufficient_quota": OutOfCredit,
    "credit_balance_exhausted": OutOfCredit,
    "billing_error": OutOfCredit,
    "billing_hard_limit_reached": OutOfCredit,
    "budget_exceeded": OutOfCredit,
    "model_not_found": NoSuchModel,
    "model_not_supported": NoSuchModel,
    "context_length_exceeded": ContextOverflow,
    "exceed_context_size_error": ContextOverflow,
    "rate_limit_exceeded": RateLimited,
    "rate_limit_error": RateLimited,
    "slow_down": RateLimited,
    "resource_exhausted": RateLimited,
    "overloaded_error": Overloaded,
    "server_is_overloaded": Overloaded,
    "provider_overloaded": Overloaded,
    "serviceunavailableerror": Overloaded,
    "content_policy_violation": Filtered,
    "content_filter": Filtered,
    "responsibleaipolicyviolation": Filtered,
    "unsupported_parameter": BadParameter,
    "unsupported_value": BadParameter,
    "unknown_parameter": BadParameter,
    "unsupportedparamserror": BadParameter,
    "insufficient_system_resource": Overloaded,
}

TEXTS: tuple[tuple[str, type[BackendError]], ...] = (
    ("exceed context limit", ContextOverflow),
    ("maximum context length", ContextOverflow),
    ("maximum context limit", ContextOverflow),
    ("longer than the model's context length", ContextOverflow),
    ("longer than the context length", ContextOverflow),
    ("input tokens exceed the configured limit", ContextOverflow),
    ("`inputs` tokens + `max_new_tokens` must be", ContextOverflow),
    ("exceeds the available context size", ContextOverflow),
    ("exceeds the maximum number of tokens allowed", ContextOverflow),
    ("maximum input length is", ContextOverflow),
    ("prompt is too long", ContextOverflow),
    ("context size has been exceeded", ContextOverflow),
    ("cannot truncate prompt with n_keep", ContextOverflow),
    ("context the overflows", ContextOverflow),
    ("loading model", Loading),
    ("model is loading", Loading),
    ("is currently loading", Loading),
    ('"estimated_time"', Loading),
    ("no model is loaded", NoSuchModel),
    ("no model loaded", NoSuchModel),
    ("no models loaded", NoSuchModel),
    ("not a valid model", NoSuchModel),
    ("invalid model name", NoSuchModel),
    ("try pulling it first", NoSuchModel),
    ("no endpoints found", NoSuchModel),
    ("invalid api key", BadKey),
    ("incorrect api key", BadKey),
    ("no api key passed", BadKey),
    ("server busy", Overloaded),
    ("server is busy", Overloaded),
    ("overloaded", Overloaded),
    ("service tier capacity exceeded", Overloaded),
    ("content management policy", Filtered),
    ("requires moderation", Filtered),
    ("model has crashed", ServerFailed),
    ("process has terminated", ServerFailed),
    ("requires more system memory", ServerFailed),
    ("invalid host header", BadResponse),
    ("unexpected endpoint", BadResponse),
    ("http request to an https server", BadResponse),
    ("plain http request was sent to https", BadResponse),
)

STATUSES: dict[int, type[BackendError]] = {
    400: BadParameter,
    401: BadKey,
    402: OutOfCredit,
    403: Forbidden,
    404: BadResponse,
    408: TimedOut,
    409: ServerFailed,
    413: RequestTooBig,
    422: BadParameter,
    424: ServerFailed,
    425: Overloaded,
    429: RateLimited,
    499: ServerFailed,
    503: Overloaded,
    529: Overloaded,
}


def classify(refusal: Refusal, profile: ConnectionProfile, now: float) -> BackendError:
    """The error that this refusal means; `now` is seconds since 1970."""
    fault = read_fault(refusal.body)
    kind = kind_of(refusal, fault)
    error = _build(kind, _sentence(refusal, fault, profile), fault)
    note_allowance(error, fault.message)
    error.hint = hints.for_refusal(kind, refusal, fault, profile)
    error.status = refusal.status
    error.retry_after = retry_after(refusal.headers, refusal.body, now)
    told = should_retry(refusal.headers)
    error.retryable = error.retryable if told is None else told
    return error


def kind_of(refusal: Refusal, fault: Fault) -> type[BackendError]:
    status = fault.status or refusal.status if refusal.status == HTTPStatus.OK else refusal.status
    if fault.is_page and status < HTTPStatus.BAD_REQUEST:
        return BadResponse
    words = " ".join((fault.message.lower(), refusal.body[:2000].lower()))
    for needle, kind in OVERRULING:
        if needle in words or needle in fault.codes:
            return kind
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return RequestTooBig
    known = [CODES[code] for code in sorted(fault.codes) if code in CODES]
    if known:
        return known[0]
    if not fault.is_page:
        for needle, kind in TEXTS:
            if needle in words:
                return kind
    return _by_status(status, words)


def _by_status(status: int, words: str) -> type[BackendError]:
    if status == HTTPStatus.NOT_FOUND and "model" in words and "not" in words:
        return NoSuchModel
    if status in STATUSES:
        return STATUSES[status]
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return BadResponse
    return ServerFailed


def _build(kind: type[BackendError], message: str, fault: Fault) -> BackendError:
    if kind is ContextOverflow:
        return ContextOverflow(message, prompt_tokens=fault.prompt_tokens, window=fault.window)
    if kind is BadParameter:
        return BadParameter(message, parameter=fault.parameter)
    if kind is TimedOut:
        return TimedOut(message, timer="total")
    return kind(message)


def _sentence(refusal: Refusal, fault: Fault, profile: ConnectionProfile) -> str:
    text = showable(fault.message, hints.secrets_of(profile))
    if fault.is_page:
        text = say("a web page ({title})", title=text) if text else say("a web page")
    if refusal.status == HTTPStatus.OK:
        return text or say("The server reported an error without a reason.")
    return f"HTTP {refusal.status}: {text or _phrase(refusal.status)}"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return say("no reason given")
