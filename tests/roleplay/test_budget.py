import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.budget import fit
from roleplay.chat import ChatMessage
from roleplay.errors import ContextOverflow
from roleplay.prompt import ALONE, REQUIRED, Block, Prompt
from roleplay.tokens import MESSAGE_TOKENS


def words(block: Block) -> int:
    return len(block.text.split())


def block(label: str, size: int, priority: int) -> Block:
    return Block(label, "user", " ".join(["word"] * size), priority)


def test_everything_is_sent_in_order_when_there_is_room() -> None:
    blocks = (Block("card", "system", "You are Ann.", REQUIRED), Block("m", "user", "Hi!", 5))
    fitted = fit(Prompt(blocks, stop=("\nBob:",)), 1000, 100, words)
    assert fitted.request.messages == (
        ChatMessage("system", "You are Ann."),
        ChatMessage("user", "Hi!"),
    )
    assert fitted.request.stop == ("\nBob:",)
    assert fitted.left_out == ()
    assert fitted.tokens == 3 + 1 + 3 * MESSAGE_TOKENS


def test_the_lowest_priority_leaves_first_and_of_equals_the_earliest() -> None:
    prompt = Prompt(
        (
            block("card", 10, REQUIRED),
            block("old", 10, 1),
            block("lore", 10, 0),
            block("newer", 10, 1),
            block("newest", 10, REQUIRED),
        )
    )
    fitted = fit(prompt, 3 * (10 + MESSAGE_TOKENS) + MESSAGE_TOKENS, 0, words)
    assert [b.label for b in fitted.left_out] == ["old", "lore"]
    assert [b.label for b in fitted.kept] == ["card", "newer", "newest"]


def test_what_must_be_sent_is_never_cut_but_refused_with_a_hint() -> None:
    prompt = Prompt((block("card", 500, REQUIRED), block("newest", 10, REQUIRED)))
    with pytest.raises(ContextOverflow) as caught:
        fit(prompt, 400, 100, words)
    assert caught.value.window == 400
    assert caught.value.prompt_tokens == 510 + 3 * MESSAGE_TOKENS
    assert "maxContextTokens" in caught.value.hint


sizes = st.tuples(st.integers(0, 50), st.one_of(st.integers(0, 20), st.just(REQUIRED)))


@given(st.lists(sizes, max_size=40), st.integers(1, 2000), st.integers(0, 500))
def test_a_fitted_prompt_fits_and_nobody_left_for_someone_less_important(
    shapes: list[tuple[int, int]], window: int, reply: int
) -> None:
    prompt = Prompt(tuple(block(str(n), *shape) for n, shape in enumerate(shapes)))
    try:
        fitted = fit(prompt, window, reply, words)
    except ContextOverflow:
        required = [b for b in prompt.blocks if b.priority == REQUIRED]
        need = sum(words(b) + MESSAGE_TOKENS for b in required) + MESSAGE_TOKENS
        assert need > window - reply
        return
    assert fitted.tokens <= window - reply
    assert len(fitted.kept) + len(fitted.left_out) == len(shapes)
    optional = [b.priority for b in fitted.kept if b.priority < REQUIRED]
    assert all(out.priority <= least for out in fitted.left_out for least in optional)


def test_the_system_texts_at_the_beginning_are_one_message() -> None:
    blocks = (
        Block("card", "system", "You are Ann.", REQUIRED),
        Block("lore", "system", "It rains.", ALONE),
        Block("m", "user", "Hi!", 5),
        Block("note", "system", "Be brief.", REQUIRED),
    )
    fitted = fit(Prompt(blocks), 1000, 100, words)
    assert [message.text for message in fitted.request.messages] == [
        "You are Ann.\n\nIt rains.",
        "Hi!",
        "Be brief.",
    ]
    assert fitted.tokens == 3 + 2 + 1 + 2 + fitted.overhead
    assert fitted.overhead == 4 * MESSAGE_TOKENS + 1


def test_what_stands_alone_leaves_alone() -> None:
    prompt = Prompt(
        (block("lore", 500, ALONE + 1), block("memory", 10, ALONE), block("history", 10, 1))
    )
    fitted = fit(prompt, 60, 0, words)
    assert [b.label for b in fitted.left_out] == ["lore"]


def test_a_history_that_is_cut_begins_at_the_same_message_for_several_turns() -> None:
    history = [Block("history", "user", "word " * 20, n, id=n) for n in range(1, 301)]

    def first(newest: int) -> tuple[int, int]:
        fitted = fit(Prompt(tuple(history[:newest])), 2000, 0, words)
        return fitted.kept[0].id, fitted.history_left_out

    firsts = [first(newest) for newest in range(100, 300, 2)]
    assert len({begin for begin, _ in firsts}) <= 30
    assert all(out == begin - 1 for begin, out in firsts)
    most = (2000 - MESSAGE_TOKENS) // (20 + MESSAGE_TOKENS)
    kept = [newest - out for newest, (_, out) in zip(range(100, 300, 2), firsts, strict=True)]
    assert all(most * 7 // 8 - 1 <= count <= most for count in kept)


def test_a_history_that_fits_is_sent_whole() -> None:
    history = tuple(Block("history", "user", "word", n, id=n) for n in range(1, 50))
    assert fit(Prompt(history), 2000, 0, words).history_left_out == 0
