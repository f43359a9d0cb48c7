from fakes.llm import delta
from fakes.voices import CHAT_COMPLETIONS, sse
from pydantic import SecretStr

from backends.dialects.openai import dialect
from roleplay.chat import ChatMessage, ChatRequest, Delta, TextRequest
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = CHAT_COMPLETIONS

EVERY_KEY = Sampler(
    temperature=0.7,
    topP=0.9,
    topK=40,
    max_completion_tokens=400,
    maxContextTokens=2048,
    frequencyPenalty=0.5,
    presencePenalty=-0.5,
    stop=("User:", "###"),
    n=2,
    forceJson=True,
)


def body(
    sampler: Sampler, *, host: str = "api.openai.com", request: ChatRequest | None = None
) -> dict[str, object]:
    profile = ConnectionProfile(baseURL=f"https://{host}/v1", model="m", sampler=sampler)
    asked = request or ChatRequest((ChatMessage("user", "Hi"),))
    return dict(dialect.encode(asked, profile).body or {})


def test_openai_itself_gets_its_own_name_for_the_limit_and_no_top_k() -> None:
    assert body(EVERY_KEY) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
        "top_p": 0.9,
        "max_completion_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": -0.5,
        "stop": ["User:", "###"],
        "n": 2,
        "response_format": {"type": "json_object"},
    }


def test_a_server_elsewhere_gets_max_tokens_and_top_k() -> None:
    sent = body(EVERY_KEY, host="localhost:11434")
    assert (sent["max_tokens"], sent["top_k"]) == (400, 40)
    assert "max_completion_tokens" not in sent


def test_what_is_unset_is_not_sent() -> None:
    assert body(Sampler()).keys() == {"model", "messages", "stream", "stream_options"}


def test_zero_is_a_value() -> None:
    assert body(Sampler(temperature=0, frequencyPenalty=0))["temperature"] == 0


def test_the_requests_own_limit_goes_before_the_samplers() -> None:
    request = ChatRequest((ChatMessage("user", "Hi"),), max_tokens=9)
    assert body(EVERY_KEY, request=request)["max_completion_tokens"] == 9


def test_four_stops_are_sent_and_one_that_another_makes_needless_goes_first() -> None:
    request = ChatRequest((ChatMessage("user", "Hi"),), stop=("\nAnn:", "Ann:", "Bob:"))
    sent = body(Sampler(stop=("User:", "###", "Bob:")), request=request)
    assert sent["stop"] == ["Ann:", "Bob:", "User:", "###"]


def test_the_key_is_sent_as_a_bearer_token_and_only_there() -> None:
    profile = ConnectionProfile(
        apiKey=SecretStr("sk-secret"), baseURL="https://api.openai.com/v1", model="m"
    )
    wire = dialect.encode(ChatRequest((ChatMessage("user", "Hi"),)), profile)
    assert dialect.headers(profile) == {"Authorization": "Bearer sk-secret"}
    assert "sk-secret" not in repr(wire)


def test_no_key_no_header() -> None:
    assert dialect.headers(ConnectionProfile(apiKey=SecretStr(""))) == {}


def test_a_prompt_that_is_one_text_goes_to_text_completions_with_a_limit() -> None:
    local = ConnectionProfile(baseURL="http://localhost:1234/v1", model="m")
    wire = dialect.encode_text(TextRequest("USER: Hi ASSISTANT:", stop=("USER:",)), local)
    assert wire is not None
    assert wire.url == "http://localhost:1234/v1/completions"
    assert wire.body == {
        "model": "m",
        "prompt": "USER: Hi ASSISTANT:",
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": local.reply_tokens,
        "stop": ["USER:"],
    }


def test_openai_itself_takes_messages_only() -> None:
    profile = ConnectionProfile(baseURL="https://api.openai.com/v1", model="m")
    assert dialect.encode_text(TextRequest("Hi"), profile) is None


def test_the_frames_of_text_completions_are_read() -> None:
    chunk = {"object": "text_completion", "choices": [{"index": 1, "text": "Hello"}]}
    end = {"choices": [{"index": 1, "text": "", "finish_reason": "length"}]}
    pieces = frames(sse(chunk) + sse(end))
    assert [(p.text, p.choice, p.finish_reason) for p in pieces] == [
        ("Hello", 1, None),
        ("", 1, "length"),
    ]


def test_reasoning_is_read_under_both_of_its_names() -> None:
    for chunk in (delta(reasoning="hm"), delta(reasoning_content="hm")):
        assert frames(sse(chunk))[0].reasoning == "hm"


def test_content_may_be_a_list_of_parts() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "Hello"},
    ]
    piece = frames(sse(delta(content=parts)))[0]
    assert (piece.text, piece.reasoning) == ("Hello", "hm")


def test_a_refusal_counts_as_filtered() -> None:
    assert frames(sse(delta(refusal="I cannot")))[0].finish_reason == "filtered"


def test_the_windows_of_the_model_list_are_found_under_every_name() -> None:
    profile = ConnectionProfile(baseURL="http://localhost:8000/v1", model="b")
    (question,) = dialect.probe(profile)
    for key in ("max_model_len", "context_window", "max_context_length", "context_length"):
        found = question.read({"data": [{"id": "a", key: 1}, {"id": "b", key: 4096}]})
        assert (found.models, found.window) == (("a", "b"), 4096)


def frames(data: bytes) -> list[Delta]:
    reader = dialect.reader()
    return [piece for frame in reader.feed(data) for piece in dialect.decode(frame)]
