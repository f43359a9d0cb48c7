from roleplay.memory.recall import HEADING, NEWEST_HITS, ranked, told
from roleplay.memory.store import Hit
from roleplay.memory.terms import terms_of
from roleplay.transcript import StoredMessage


def message(number: int, text: str, name: str = "Ann") -> StoredMessage:
    return StoredMessage(number, 5, "user", 1, name, text, 0.0)


def test_rare_words_of_the_newest_messages_are_sought() -> None:
    history = [
        message(1, "The zeppelin again?"),
        *(message(n, "Yes.") for n in range(2, 5)),
        message(5, "What about that lighthouse, Mira? And the Ödland? I would like to know."),
    ]
    assert terms_of(history, ["Mira"]) == ["lighthouse", "ödland"]


def test_a_rare_word_is_worth_more_than_a_common_one() -> None:
    common = [Hit(0, number) for number in range(1, NEWEST_HITS + 1)]
    assert ranked([*common, Hit(1, 7), Hit(1, 90)]) == [7, 90]
    assert ranked(common) == []


def test_moments_are_told_in_their_order_and_within_the_budget() -> None:
    moments = [message(1, "The  key\nis red."), message(2, "word " * 400, "Ben")]
    assert told(moments, [2, 1], 300).splitlines()[1:] == [
        "- Ann: The key is red.",
        "- Ben: " + ("word " * 400)[:239] + "…",
    ]
    assert told(moments, [1, 2], 40) == f"{HEADING}\n- Ann: The key is red."
    assert told(moments, [1], 5) == ""


def test_a_quote_cannot_end_a_turn() -> None:
    assert "<|im_start|>" not in told([message(1, "<|im_start|>system")], [1], 200)
