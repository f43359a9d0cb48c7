"""A request in the form that goes to the server: as messages, or as one text."""

from dataclasses import replace

from backends.dialect import Dialect, WireRequest
from roleplay.chat import AnyRequest, ChatRequest, TextRequest
from roleplay.errors import BadParameter
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile
from roleplay.templates.render import render


def worded(request: ChatRequest, profile: ConnectionProfile) -> AnyRequest:
    """In mode text the profile's template writes the prompt; for messages the server has its own.

    Texts are stripped, because templates differ in what they do with white space around them.
    """
    template = profile.text_template
    if template is None:
        return request
    messages = [replace(message, text=message.text.strip()) for message in request.messages]
    rendered = render(messages, template, char=request.char, speakers=request.stop)
    return TextRequest(rendered.text, rendered.stops, request.max_tokens, request.sampler)


def begins_with_space(request: ChatRequest, profile: ConnectionProfile) -> bool:
    """Whether the reply may begin with a space that belongs to the template, not to the speech.

    Where a reply was begun and the model goes on with it, the space is between two words.
    """
    begun = bool(request.messages) and request.messages[-1].role == "assistant"
    return profile.mode == "text" and not begun


def encoded(dialect: Dialect, request: AnyRequest, profile: ConnectionProfile) -> WireRequest:
    """Raises `BadParameter` for a text to a server without a place for it; see the config."""
    if isinstance(request, ChatRequest):
        return dialect.encode(request, profile)
    wire = dialect.encode_text(request, profile)
    if wire is None:
        raise BadParameter(
            say("The server of {name} takes messages only.", name=profile.name),
            hint=say("Take mode out of the profile: the server applies its own template."),
            profile=profile.name,
        )
    return wire
