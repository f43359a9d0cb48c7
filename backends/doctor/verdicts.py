"""What a probe and a short reply say about key, model, window and reply. No I/O."""

from backends.advice import other_models
from backends.short_reply import ShortReply
from roleplay.checkup import Check, failed, skipped
from roleplay.errors import BackendError, BadKey, Forbidden, NoSuchModel, OutOfCredit
from roleplay.phrases import say
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile

KEY_CODES = (BadKey.code, Forbidden.code, OutOfCredit.code)

TOLD = ("key", "model", "window", "reply")

LATEST = ":latest"
"""Ollama lists a model by this tag, and takes it without."""


def verdicts(
    profile: ConnectionProfile, found: ProbeResult, reply: ShortReply | None
) -> list[Check]:
    """One check for each of `TOLD`; without a `reply` none was asked for."""
    error = reply.error if reply else None
    key = key_check(profile, found, error)
    if key.outcome == "error":
        return [key, *(skipped(name, say("Not tried.")) for name in TOLD[1:])]
    return [
        key,
        model_check(profile, found, reply),
        window_check(profile, found),
        reply_check(reply),
    ]


def key_check(profile: ConnectionProfile, found: ProbeResult, error: BackendError | None) -> Check:
    if found.code in KEY_CODES:
        return Check("key", "error", found.detail, found.hint)
    if error and error.code in KEY_CODES:
        return failed("key", error)
    if error:
        return skipped("key", say("Not refused; only a reply would prove it."))
    if not profile.api_key:
        return Check("key", "ok", say("None is set, and none is needed."))
    return Check("key", "ok", say("The server takes it."))


def model_check(profile: ConnectionProfile, found: ProbeResult, reply: ShortReply | None) -> Check:
    wanted, listed = profile.model, found.models
    if reply and isinstance(reply.error, NoSuchModel):
        return failed("model", reply.error)
    if not wanted:
        return _first_model(found)
    if not listed:
        return skipped("model", say("The server lists none; {model} is asked for.", model=wanted))
    if wanted in listed or wanted + LATEST in listed:
        return Check("model", "ok", say("{model} is there.", model=wanted))
    hint = other_models(wanted, listed)
    if reply is None or reply.error:
        return Check("model", "error", say("{model} is not there.", model=wanted), hint)
    return Check(
        "model",
        "warning",
        say("{model} is not in the server's list, yet it answered.", model=wanted)
        + (say(" It calls itself {name}.", name=reply.model) if reply.model else ""),
        hint,
    )


def window_check(profile: ConnectionProfile, found: ProbeResult) -> Check:
    wanted, served = profile.sampler.max_context_tokens, found.window
    if served is None:
        return skipped(
            "window",
            say("The server does not tell; {window} tokens are used.", window=profile.window),
        )
    if wanted is None:
        more = say("The server's window is {served} tokens.", served=served)
        return Check("window", "ok", more)
    if wanted > served:
        return Check(
            "window",
            "warning",
            say(
                "The profile uses {wanted} tokens and the server has {served}.",
                wanted=wanted,
                served=served,
            ),
            say(
                "Set maxContextTokens of {profile} to {served} or less, or give the server a "
                "larger context.",
                profile=profile.name,
                served=served,
            ),
        )
    return Check(
        "window",
        "ok",
        say("{wanted} of the server's {served} tokens.", wanted=wanted, served=served),
    )


def reply_check(reply: ShortReply | None) -> Check:
    if reply is None or isinstance(reply.error, NoSuchModel):
        return skipped("reply", say("Not tried."))
    if reply.error:
        return failed("reply", reply.error, reply.seconds)
    first = reply.seconds if reply.first is None else reply.first
    shown = " ".join(reply.text.split())
    detail = say("First token after {first} s: {text}", first=f"{first:.2f}", text=shown[:80])
    return Check("reply", "ok", detail, seconds=reply.seconds)


def _first_model(found: ProbeResult) -> Check:
    if not found.models:
        return skipped("model", say("None is named, and the server lists none."))
    first = found.models[0]
    hint = say("Name it in the profile: the list may begin with another one day.")
    if len(found.models) == 1:
        return Check("model", "ok", say("The server's only one, {model}.", model=first))
    return Check("model", "warning", say("The server's first one, {model}.", model=first), hint)
