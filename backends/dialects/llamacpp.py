"""llama.cpp's server, also the one RoleForge starts itself for embedded profiles.

https://github.com/ggml-org/llama.cpp/tree/master/tools/server
"""

from collections.abc import Sequence
from typing import Any

from backends.chat_completions import ChatCompletions
from backends.continuing import Prefill
from backends.dialect import Found, Question
from backends.model_list import read_models
from backends.quirks import Ask, Count, Quirks
from backends.sampling import JSON_OBJECT, NO_PHRASES, Rule, Sampling, takes
from roleplay.ports import Vector
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

EMBEDDED = "embedded"


class LlamaCpp(ChatCompletions):
    """An embedded server has another port at each start, and always the model it names."""

    def vocabulary(self, profile: ConnectionProfile) -> str:
        where = EMBEDDED if profile.type == EMBEDDED else profile.base_url
        return f"{where} {profile.model}"

    def embed(
        self, texts: Sequence[str], profile: ConnectionProfile
    ) -> Question[list[Vector]] | None:
        """The one RoleForge starts is not told to: llama.cpp makes vectors on request only."""
        return None if profile.type == EMBEDDED else super().embed(texts, profile)


def read_props(props: Json, _model: str) -> Found:
    return Found(
        window=props["default_generation_settings"]["n_ctx"],
        slots=props.get("total_slots"),
        version=str(props.get("build_info") or ""),
    )


def read_names(answer: Json, model: str) -> Found:
    """The window in the list is that of the model's training, not the one served."""
    return Found(read_models(answer, model).models)


dialect = LlamaCpp(
    Quirks(
        names=("llamacpp", EMBEDDED),
        base_url="http://127.0.0.1:8080/v1",
        embeds=True,
        sampling=Sampling(
            takes(
                *("temperature", "top_p", "top_k", "min_p", "typical_p", "seed", "logit_bias"),
                *("frequency_penalty", "presence_penalty", "stop", "n"),
                *("mirostat", "mirostat_tau", "mirostat_eta", "xtc_threshold", "xtc_probability"),
                *("dry_multiplier", "dry_base", "dry_allowed_length", "dry_sequence_breakers"),
                max_completion_tokens="max_tokens",
                repetition_penalty="repeat_penalty",
                reasoning_effort=Rule(
                    "chat_template_kwargs",
                    "where the model's template asks for it",
                    shape=lambda effort: {"reasoning_effort": effort},
                ),
                force_json=JSON_OBJECT,
                banned_strings=Rule(why=NO_PHRASES),
            ),
            checked="2026-11-23",
        ),
        # The list needs no key, so /props comes first: it does, and it answers once loaded.
        completions="/completions",
        prefill=Prefill(repeats=True),
        asks=(Ask("/props", read_props, at_root=True), Ask("/models", read_names)),
        # People's text is counted as text: what looks like a control token is none.
        count=Count(
            "/tokenize",
            lambda text, _: {"content": text, "add_special": False, "parse_special": False},
            lambda answer: len(answer["tokens"]),
            at_root=True,
        ),
    )
)
