"""A prompt of a wanted size, different for every run so that no cache shortens it."""

from random import Random

from roleplay.errors import BackendError
from roleplay.phrases import say
from roleplay.ports import Tokenizer
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.tokens import MESSAGE_TOKENS, Ratios, estimate, weigh

WHO = (
    "The innkeeper",
    "A knight",
    "The old sailor",
    "Mira",
    "A stranger",
    "The bard",
    "Her sister",
)
DID = ("remembers", "fears", "follows", "sings of", "sells", "hides", "mourns", "paints")
WHAT = ("the lighthouse", "a silver coin", "the winter road", "an empty chair", "the last ship")
WHEN = ("at dusk", "without a word", "as the rain begins", "for the third time", "by candlelight")

SENTENCES = 4
"""Per paragraph: about fifty tokens, which is how exactly the size is met."""


async def paragraphs(tokens: int, tokenizer: Tokenizer | None, rng: Random) -> list[str]:
    """As many as together have the wanted tokens, by the server's own count where it has one."""
    found: list[str] = []
    total = 2 * MESSAGE_TOKENS
    while total < tokens:
        text = " ".join(_sentence(rng) for _ in range(SENTENCES))
        found.append(text)
        total += await _count(text, tokenizer)
    return found


def prompt_of(texts: list[str], run: int, rng: Random) -> Prompt:
    """One message that begins otherwise in each run."""
    shuffled = rng.sample(texts, len(texts))
    begin = say("Run {run}, {mark}.", run=run, mark=rng.randrange(10**9))
    end = say("Continue this story for at least a thousand words.")
    return Prompt((Block("bench", "user", "\n".join([begin, *shuffled, end]), REQUIRED),))


def _sentence(rng: Random) -> str:
    return " ".join(rng.choice(words) for words in (WHO, DID, WHAT, WHEN)) + "."


async def _count(text: str, tokenizer: Tokenizer | None) -> int:
    if tokenizer:
        try:
            return (await tokenizer.count([text]))[0]
        except BackendError:
            pass  # the estimate does, and the runs will tell what is wrong
    return estimate(weigh(text), Ratios())
