"""llama.cpp's server, also the one RoleForge starts itself for embedded profiles.

https://github.com/ggml-org/llama.cpp/tree/master/tools/server
"""

from collections.abc import Sequence
from typing import Any, cast

from backends.address import join, root_of
from backends.chat_completions import ChatCompletions
from backends.dialect import Found, Question, WireRequest
from backends.model_list import read_models
from backends.quirks import Quirks
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

EMBEDDED = "embedded"


class LlamaCpp(ChatCompletions):
    """Beyond the protocol: the window as served, slots, and a count of tokens."""

    def probe(self, profile: ConnectionProfile) -> Sequence[Question[Found]]:
        """The list needs no key, so /props comes first: it does, and it answers once loaded."""
        props = WireRequest(root_of(profile.base_url) + "/props")
        models = WireRequest(join(profile.base_url, "/models"))
        return (
            Question(props, read_props),
            Question(models, lambda answer: Found(read_models(answer, profile.model).models)),
        )

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:
        """People's text is counted as text: what looks like a control token is none."""
        url = root_of(profile.base_url) + "/tokenize"
        body = {"content": text, "add_special": False, "parse_special": False}
        return Question(WireRequest(url, body), read_count)

    def vocabulary(self, profile: ConnectionProfile) -> str:
        """An embedded server has another port at each start, and always the model it names."""
        where = EMBEDDED if profile.type == EMBEDDED else profile.base_url
        return f"{where} {profile.model}"


def read_props(answer: object) -> Found:
    props = cast("Json", answer)
    settings: Json = props["default_generation_settings"]
    return Found(window=settings["n_ctx"], slots=props.get("total_slots"))


def read_count(answer: object) -> int:
    tokens: list[object] = cast("Json", answer)["tokens"]
    return len(tokens)


dialect = LlamaCpp(
    Quirks(
        names=("llamacpp", EMBEDDED),
        base_url="http://127.0.0.1:8080/v1",
        checked="2026-11-23",
        most_stops=None,
        completions="/completions",
    )
)
