"""KoboldCpp: its own protocol for a prompt that is one text, OpenAI's for messages.

https://github.com/LostRuins/koboldcpp/wiki
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from backends import completion_frames
from backends.address import root_of
from backends.chat_completions import ChatCompletions
from backends.dialect import Found, Frame, Question, WireRequest
from backends.model_list import read_models
from backends.quirks import Ask, Count, Quirks
from backends.sampling import JSON_GRAMMAR, Rule, Rules, Sampling, takes, wire_keys
from roleplay.chat import ChatRequest, Delta, FinishReason, TextRequest
from roleplay.errors import BadKey, ServerFailed
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

CHECKED = "2026-11-23"

MOST_STOPS = 32
"""Of version 1.76; newer ones take more."""

PROTECTED = "koboldcpp/protected-model"
"""The model's name for those who do not know the password."""

OWN_STOPS = "KoboldCpp would not say whether one ended the reply; all are obeyed here"

PENALTY = Rule("frequency_penalty", "KoboldCpp uses it only where presencePenalty is unset")

FINISH: dict[str, FinishReason] = {"length": "length"}


def _rules(**differing: Rule | str) -> Rules:
    """What both protocols call the same."""
    return takes(
        *("temperature", "top_p", "top_k", "min_p", "top_a", "tfs", "presence_penalty"),
        *("mirostat_tau", "mirostat_eta", "xtc_threshold", "xtc_probability", "logit_bias"),
        *("dry_multiplier", "dry_base", "dry_allowed_length", "dry_sequence_breakers"),
        *("banned_strings",),
        typical_p="typical",
        repetition_penalty="rep_pen",
        max_context_tokens="max_context_length",
        force_json=Rule("grammar", shape=lambda _: JSON_GRAMMAR),
        **differing,  # pyright: ignore[reportArgumentType]
    )


CHAT = Sampling(
    _rules(
        max_completion_tokens="max_tokens",
        seed="seed",
        mirostat="mirostat_mode",
        frequency_penalty=PENALTY,
        stop=Rule(why=OWN_STOPS),
    ),
    CHECKED,
)

TEXT = Sampling(
    _rules(
        max_completion_tokens="max_length",
        seed="sampler_seed",
        mirostat="mirostat",
        stop="stop_sequence",
    ),
    CHECKED,
    MOST_STOPS,
)


class KoboldCpp(ChatCompletions):
    """Each request carries a key of its own, by which it can be stopped wherever it stands."""

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest:
        return _stoppable(super().encode(request, _at_v1(profile)), profile)

    def encode_text(self, request: TextRequest, profile: ConnectionProfile) -> WireRequest | None:
        """`trim_stop` stays off: only a stop string that is seen says why the reply ended."""
        body: Json = {"prompt": request.text, "max_length": profile.reply_tokens}
        body |= wire_keys(TEXT, request, profile)
        url = root(profile) + "/api/extra/generate/stream"
        return _stoppable(WireRequest(url, body | {"trim_stop": False}), profile)

    def decode(self, frame: Frame) -> Sequence[Delta]:
        if self.ends(frame):
            return ()
        chunk: Json = json.loads(frame.data)
        if _reason(chunk) == "error":
            raise _failed()
        return _piece(chunk) if "token" in chunk else completion_frames.decode(frame)

    def decode_whole(self, text: str) -> Sequence[Delta]:
        if _reason(json.loads(text)) == "error":
            raise _failed()
        return completion_frames.decode_whole(text)

    def probe(self, profile: ConnectionProfile) -> Sequence[Question[Found]]:
        return super().probe(_at_v1(profile))

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:
        return super().count(text, _at_v1(profile))


def root(profile: ConnectionProfile) -> str:
    """The address without the door of either protocol."""
    return root_of(profile.base_url).removesuffix("/api")


def _at_v1(profile: ConnectionProfile) -> ConnectionProfile:
    return profile.model_copy(update={"base_url": root(profile) + "/v1"})


def _stoppable(wire: WireRequest, profile: ConnectionProfile) -> WireRequest:
    key = {"genkey": f"RF{uuid4().hex[:12]}"}
    abort = WireRequest(root(profile) + "/api/extra/abort", key)
    return replace(wire, body={**(wire.body or {}), **key}, cancel=abort)


def _reason(chunk: Json) -> str | None:
    first: Json = (chunk.get("choices") or [chunk])[0]
    return first.get("finish_reason")


def _piece(chunk: Json) -> Sequence[Delta]:
    """A piece of its own protocol. Here `length` can be a stop string; ours would be found."""
    reason = chunk.get("finish_reason")
    finish = FINISH.get(reason, "stop") if reason else None
    return (Delta(text=chunk["token"], finish_reason=finish),)


def _failed() -> ServerFailed:
    """It answers with status 200, whatever went wrong."""
    return ServerFailed(
        say("KoboldCpp failed to write the reply."),
        hint=say("It says why in its own window: often too little memory for this context."),
    )


def read_version(answer: Json, _model: str) -> Found:
    if answer["result"] != "KoboldCpp":
        raise ValueError(answer["result"])
    return Found(version=answer["version"])


def read_name(answer: Json, _model: str) -> Found:
    if answer["result"] == PROTECTED:
        raise BadKey(
            say("KoboldCpp was started with a password."),
            hint=say("Put what follows --password into apiKey."),
        )
    return Found()


def read_window(answer: Json, _model: str) -> Found:
    return Found(window=int(answer["value"]))


def read_names(answer: Json, model: str) -> Found:
    return Found(read_models(answer, model).models)


dialect = KoboldCpp(
    Quirks(
        names=("koboldcpp",),
        base_url="http://localhost:5001/v1",
        embeds=True,
        sampling=CHAT,
        completions=None,
        asks=(
            Ask("/api/extra/version", read_version, at_root=True),
            Ask("/api/v1/model", read_name, at_root=True),
            Ask("/v1/models", read_names, at_root=True),
            Ask("/api/extra/true_max_context_length", read_window, at_root=True),
        ),
        count=Count(
            "/api/extra/tokencount",
            lambda text, _: {"prompt": text, "special": False},
            lambda answer: int(answer["value"]),
            at_root=True,
        ),
    )
)
