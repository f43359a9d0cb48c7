"""What the person who runs the bot can do about an error, with the real values filled in."""

from collections.abc import Callable

from backends.address import host_of, is_local, port_of
from backends.dialect import Refusal
from backends.fault import Fault
from backends.redact import showable
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

SHOWN_OF_KEY = 4
"""Characters of a key that may be shown, of keys long enough to keep their secret."""


def secrets_of(profile: ConnectionProfile) -> tuple[str, ...]:
    secrets = (profile.api_key, *profile.extra_headers.values())
    return tuple(secret.get_secret_value() for secret in secrets if secret)


def for_refusal(
    kind: type[BackendError], refusal: Refusal, fault: Fault, profile: ConnectionProfile
) -> str:
    special = _by_words(refusal, fault)
    return special or BY_KIND.get(kind, _nothing)(refusal, fault, profile)


def empty_reply(profile: ConnectionProfile, *, thought: bool, at_limit: bool) -> str:
    if thought and at_limit:
        return say(
            "The model spent its whole reply thinking. Raise max_completion_tokens of {profile}.",
            profile=profile.name,
        )
    return say(
        "An empty reply often means a full context: lower maxContextTokens of {profile}, or give "
        "the model a larger one.",
        profile=profile.name,
    )


def _by_words(refusal: Refusal, fault: Fault) -> str:
    words = fault.message.lower()
    for needle, hint in BY_WORDS:
        if needle in words:
            return say(hint, url=refusal.url, host=host_of(refusal.url), port=port_of(refusal.url))
    return ""


BY_WORDS: tuple[tuple[str, str], ...] = (
    ("unexpected endpoint", "LM Studio does not know {url}. Its baseURL ends in /v1."),
    ("http request to an https server", "The server at {host} speaks https: change the baseURL."),
    (
        "plain http request was sent to https",
        "The server at {host} speaks https: change the baseURL.",
    ),
    (
        "invalid host header",
        "Start the web UI with --listen, or reach it as localhost instead of {host}.",
    ),
    ("no models loaded", "Load a model in LM Studio, or turn on Just-in-time loading."),
    ("try pulling it first", "Download the model first: ollama pull, then the model's name."),
    (
        "requires more system memory",
        "There is not enough memory for this model: use a smaller one or a smaller context.",
    ),
    ("model has crashed", "Load the model again, with fewer layers on the GPU or less context."),
    ("router.huggingface.co", "This address was retired. Use https://router.huggingface.co/v1."),
)


def _nothing(_refusal: Refusal, _fault: Fault, _profile: ConnectionProfile) -> str:
    return ""


def _bad_key(refusal: Refusal, _fault: Fault, profile: ConnectionProfile) -> str:
    key = profile.api_key.get_secret_value() if profile.api_key else ""
    if not key and is_local(refusal.url):
        return say("This server was started with a key: put the same key into apiKey.")
    if not key:
        return say("The profile {profile} has no apiKey.", profile=profile.name)
    if len(key) < 4 * SHOWN_OF_KEY:
        return say("The key of {profile} was rejected: look for a typo.", profile=profile.name)
    return say(
        "The key ending in {end} was rejected: look for a typo, quotes or spaces, and whether it "
        "is still valid.",
        end=key[-SHOWN_OF_KEY:],
    )


def _forbidden(_refusal: Refusal, _fault: Fault, profile: ConnectionProfile) -> str:
    return say(
        "The key is known but may not use {model} here: look at its rights and at the account's "
        "region.",
        model=profile.model or say("this model"),
    )


def _out_of_credit(refusal: Refusal, _fault: Fault, _profile: ConnectionProfile) -> str:
    return say(
        "The account at {host} is out of credit. Waiting does not help: add credit, or use "
        "another profile.",
        host=host_of(refusal.url),
    )


def _no_model(_refusal: Refusal, _fault: Fault, profile: ConnectionProfile) -> str:
    if not profile.model:
        return say("The server has no model loaded: load one, or name one in the profile.")
    return say(
        "{model} is not on this server. Ask it for its list, and write the name exactly so.",
        model=profile.model,
    )


def _context(_refusal: Refusal, fault: Fault, profile: ConnectionProfile) -> str:
    if fault.window:
        return say(
            "Set maxContextTokens of {profile} to {window} or less.",
            profile=profile.name,
            window=fault.window,
        )
    return say(
        "The prompt is longer than the model's window: lower maxContextTokens of {profile}.",
        profile=profile.name,
    )


def _parameter(_refusal: Refusal, fault: Fault, profile: ConnectionProfile) -> str:
    if fault.parameter:
        return say(
            "{model} does not take {parameter} as it was sent: remove it from the sampler of "
            "{profile}.",
            model=profile.model or say("The server"),
            parameter=showable(fault.parameter),
            profile=profile.name,
        )
    return say("Compare the sampler of {profile} with what the server takes.", profile=profile.name)


def _too_big(_refusal: Refusal, _fault: Fault, profile: ConnectionProfile) -> str:
    return say(
        "One request is more than the account may send in a minute: lower maxContextTokens or "
        "max_completion_tokens of {profile}.",
        profile=profile.name,
    )


def _rate(_refusal: Refusal, _fault: Fault, profile: ConnectionProfile) -> str:
    return say(
        "The rate limit is reached: lower maxConcurrent of {profile}, or give it a fallback.",
        profile=profile.name,
    )


def _bad_response(refusal: Refusal, fault: Fault, _profile: ConnectionProfile) -> str:
    if 300 <= refusal.status < 400:
        return say(
            "{url} points to {target}. Redirects are not followed, so that the key stays with its "
            "host: write the new address into baseURL.",
            url=refusal.url,
            target=refusal.headers.get("location", "")[:100] or say("elsewhere"),
        )
    if fault.is_page:
        return say(
            "{url} is a web page. The baseURL should be the API's, which usually ends in /v1.",
            url=refusal.url,
        )
    if refusal.status in (404, 405):
        return say("There is nothing at {url}: /v1 is missing or doubled.", url=refusal.url)
    if refusal.status == 410:
        return say("The address {url} was retired: look up the new one.", url=refusal.url)
    return say("What answers at {url} may be another kind of server.", url=refusal.url)


def _loading(_refusal: Refusal, _fault: Fault, _profile: ConnectionProfile) -> str:
    return say("The model is being loaded; this can take minutes.")


def _overloaded(_refusal: Refusal, _fault: Fault, profile: ConnectionProfile) -> str:
    return say(
        "The server has too much to do: lower maxConcurrent of {profile}, or give it a fallback.",
        profile=profile.name,
    )


def _failed(refusal: Refusal, _fault: Fault, _profile: ConnectionProfile) -> str:
    if is_local(refusal.url):
        return say("Look into the log of the server at {url}.", url=refusal.url)
    return say("{host} has trouble of its own; look at its status page.", host=host_of(refusal.url))


def _filtered(_refusal: Refusal, _fault: Fault, _profile: ConnectionProfile) -> str:
    return say("The provider's filter stopped this; another wording or another profile may pass.")


def _timed_out(refusal: Refusal, _fault: Fault, _profile: ConnectionProfile) -> str:
    return say("{host} took too long with the request.", host=host_of(refusal.url))


BY_KIND: dict[type[BackendError], Callable[[Refusal, Fault, ConnectionProfile], str]] = {
    BadKey: _bad_key,
    Forbidden: _forbidden,
    OutOfCredit: _out_of_credit,
    NoSuchModel: _no_model,
    ContextOverflow: _context,
    BadParameter: _parameter,
    RequestTooBig: _too_big,
    RateLimited: _rate,
    BadResponse: _bad_response,
    Loading: _loading,
    Overloaded: _overloaded,
    ServerFailed: _failed,
    Filtered: _filtered,
    TimedOut: _timed_out,
}
