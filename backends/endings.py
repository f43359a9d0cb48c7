"""How a reply ended: well, empty, filtered or cut."""

from backends import hints
from backends.speech import Speech
from roleplay.errors import BackendError, EmptyReply, Filtered, ServerFailed, StreamBroken
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile


def cut_short() -> ServerFailed:
    """The body ended cleanly, but nobody said that the reply was complete."""
    return ServerFailed(
        say("The reply ended without being finished."),
        hint=say("The server often says why in its own log only."),
    )


def broken(cause: BackendError, speech: Speech) -> StreamBroken:
    error = StreamBroken(
        say(
            "The reply was cut after {count} characters: {cause}",
            count=speech.characters,
            cause=cause,
        ),
        hint=cause.hint,
        status=cause.status,
    )
    error.__cause__ = cause
    return error


def silent(speech: Speech, profile: ConnectionProfile) -> BackendError:
    """A reply that ended well and said nothing."""
    reasons = {choice.finished for choice in speech.choices.values()}
    if "filtered" in reasons:
        return Filtered(
            say("The provider's filter stopped the reply."),
            hint=say("Another wording or another profile may pass."),
        )
    return EmptyReply(
        say("The server answered with an empty reply."),
        hint=hints.empty_reply(profile, thought=speech.thought, at_limit="length" in reasons),
    )
