import pytest

from roleplay.budget import fit
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.templates.builtin import BUILT_IN
from roleplay.templates.overhead import overhead_of
from roleplay.tokens import MESSAGE_TOKENS


def test_a_chatml_turn_is_counted_as_its_five_tokens_or_one_more() -> None:
    overhead = overhead_of(BUILT_IN["chatml"])
    assert set(overhead.around.values()) <= {MESSAGE_TOKENS, MESSAGE_TOKENS + 1}


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_template_is_free_and_none_costs_more_than_a_line(name: str) -> None:
    overhead = overhead_of(BUILT_IN[name])
    assert 1 <= overhead.once <= 40
    assert all(1 <= tokens <= 14 for tokens in overhead.around.values())


def test_a_dearer_template_leaves_room_for_fewer_messages() -> None:
    blocks = tuple(Block(str(n), "user", "hi", n) for n in range(100))
    prompt = Prompt((*blocks, Block("new", "user", "hi", REQUIRED)))
    kept = {
        name: len(fit(prompt, 300, 0, lambda _: 1, overhead_of(BUILT_IN[name])).kept)
        for name in ("deepseek", "llama3", "alpaca")
    }
    assert kept["deepseek"] > kept["llama3"] > kept["alpaca"]
