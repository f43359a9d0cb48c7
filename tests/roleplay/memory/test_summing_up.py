from roleplay.memory.summing_up import batch, request, shortened
from roleplay.transcript import StoredMessage


def message(number: int, text: str) -> StoredMessage:
    return StoredMessage(number, 5, "user" if number % 2 else "assistant", 1, "Ann", text, 0.0)


def test_the_summary_so_far_and_what_was_said_since_are_sent() -> None:
    prompt = request("They met.", [message(1, "{summary} Hi."), message(2, "Hello.")], 100)
    task, chat = prompt.blocks
    assert "at most 70 words" in task.text
    assert "They met." in chat.text
    assert "Ann: {summary} Hi.\nAnn: Hello." in chat.text


def test_one_request_holds_so_much_and_at_least_one_message() -> None:
    messages = [message(number, "word " * 100) for number in range(1, 10)]
    assert len(batch(messages, 500)) == 4
    assert len(batch(messages, 1)) == 1


def test_an_answer_that_is_too_long_ends_with_a_sentence() -> None:
    text = "They met. " + "They talked for long about the sea. " * 30
    short = shortened(text, 50)
    assert short.startswith("They met. They talked")
    assert short.endswith("sea.")
    assert len(short) < len(text) / 3
    assert shortened("word " * 500, 20).endswith("…")
    assert shortened(" Short. ", 50) == "Short."
