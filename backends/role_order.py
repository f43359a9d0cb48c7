"""What order of roles a server's own template takes, learned from its refusals.

Most take system notes anywhere and several people's messages in a row. Some templates raise an
error for either; from then on that model is sent turns that alternate.
"""

import logging
import re
from dataclasses import replace

from backends.turns import alternating, ending_with_user
from roleplay.chat import AnyRequest, ChatMessage, ChatRequest

log = logging.getLogger(__name__)

STRICT = re.compile(
    r"roles? must alternate|alternate between|after the optional system message"
    r"|system message must be|system message should be|only .{0,40}system message"
    r"|expected last role|last message must|first message must|must (?:start|begin) with a user",
    re.IGNORECASE,
)
"""Qwen, Llama 2, Mistral and Gemma templates under llama.cpp, vLLM and LM Studio; Mistral's API."""

NO_SYSTEM = re.compile(
    r"system role (?:is )?not supported|system role is unsupported|no system (?:role|message)"
    r"|(?:does not|doesn't) support (?:the )?system",
    re.IGNORECASE,
)
"""Gemma 2 and its kin."""


class RoleOrder:
    """What one profile's server takes, by model."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._strict: set[str] = set()
        self._without_system: set[str] = set()

    def arranged(self, request: AnyRequest, model: str) -> AnyRequest:
        """The request in the order that the model's template takes."""
        if not isinstance(request, ChatRequest) or model not in self._strict:
            return request
        system, turns = alternating(request.messages)
        if not request.continues:
            turns = ending_with_user(turns)
        if system and model in self._without_system:
            turns[0] = replace(turns[0], text=f"{system}\n\n{turns[0].text}")
        elif system:
            turns = [ChatMessage("system", system), *turns]
        return replace(request, messages=tuple(turns))

    def learn(self, refusal: str, request: AnyRequest, model: str) -> bool:
        """Whether the refusal tells of an order that this request did not keep."""
        if not isinstance(request, ChatRequest):
            return False
        without_system = NO_SYSTEM.search(refusal) is not None
        known = model in self._without_system if without_system else model in self._strict
        if known or not (without_system or STRICT.search(refusal)):
            return False
        self._strict.add(model)
        if without_system:
            self._without_system.add(model)
        log.warning(
            "%s: the template of %s wants roles that alternate%s; it is sent them from now on",
            self._profile,
            model or "the server's model",
            " and no system text" if without_system else "",
        )
        return True
