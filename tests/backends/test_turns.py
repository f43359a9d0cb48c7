from hypothesis import given
from hypothesis import strategies as st

from backends.turns import GO_ON, OPENING, alternating, ending_with_user
from roleplay.chat import ChatMessage

ROLES = st.sampled_from(("system", "user", "assistant"))

MESSAGES = st.lists(st.builds(ChatMessage, ROLES, st.text("a \n", max_size=4)), max_size=8)


def test_notes_in_the_middle_are_put_in_brackets_beside_what_the_user_says() -> None:
    messages = [
        ChatMessage("system", "You are Ann."),
        ChatMessage("system", "It rains."),
        ChatMessage("user", "Bob: Hi"),
        ChatMessage("assistant", "Hello."),
        ChatMessage("system", "Night falls."),
        ChatMessage("user", "Bob: Bye"),
        ChatMessage("system", "[Be brief.]"),
    ]
    assert alternating(messages) == (
        "You are Ann.\n\nIt rains.",
        [
            ChatMessage("user", "Bob: Hi"),
            ChatMessage("assistant", "Hello."),
            ChatMessage("user", "[Night falls.]\n\nBob: Bye\n\n[Be brief.]"),
        ],
    )


def test_a_greeting_comes_after_an_opening_word() -> None:
    _, turns = alternating([ChatMessage("assistant", "Welcome!"), ChatMessage("user", "Hi")])
    assert [turn.text for turn in turns] == [OPENING, "Welcome!", "Hi"]


def test_the_last_word_can_be_made_the_users() -> None:
    turns = [ChatMessage("user", "Hi"), ChatMessage("assistant", "Well")]
    assert ending_with_user(turns) == [*turns, ChatMessage("user", GO_ON)]
    assert ending_with_user(turns[:1]) == turns[:1]


@given(MESSAGES)
def test_roles_alternate_from_the_user_on_and_nothing_is_blank(messages: list[ChatMessage]) -> None:
    _, turns = alternating(messages)
    assert all(turn.text.strip() for turn in turns)
    assert [turn.role for turn in turns] == (["user", "assistant"] * len(turns))[: len(turns)]
