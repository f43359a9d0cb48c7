"""How a model is asked to sum a chat up, and what is taken of its answer."""

import re
from collections.abc import Sequence

from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.prompting.spoken import spoken_line
from roleplay.tokens import Ratios, estimate, weigh
from roleplay.transcript import StoredMessage

TASK = (
    "You keep the notes of a roleplay. Write what happened as a short summary in plain prose, in "
    "the language of the chat and in the past tense. Keep names, places, promises, things owned "
    "and how people feel about each other; leave out small talk. Write nothing but the summary, "
    "in at most {words} words."
)
BEFORE = "The summary so far, to be continued and shortened where needed:\n{summary}"
CHAT = "What was said since:\n{lines}"
ASK = "Write the summary of all of it now."

WORDS_PER_TOKEN = 0.7
"""Of English prose."""

MOST_TOKENS = 3000
"""Of the messages that one request sums up; small servers have windows of 4,096 tokens."""

SENTENCE = re.compile("[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)*_]*(?=\\s|$)")


def request(before: str, messages: Sequence[StoredMessage], tokens: int) -> Prompt:
    """`before` is the summary to go on with, "" for none; `tokens` what the new one may have."""
    words = max(int(tokens * WORDS_PER_TOKEN), 20)
    lines = "\n".join(_line(message) for message in messages)
    parts = [BEFORE.format(summary=before)] if before else []
    text = "\n\n".join([*parts, CHAT.replace("{lines}", lines), ASK])
    return Prompt(
        (
            Block("task", "system", TASK.format(words=words), REQUIRED),
            Block("chat", "user", text, REQUIRED),
        )
    )


def batch(messages: Sequence[StoredMessage], most: int = MOST_TOKENS) -> list[StoredMessage]:
    """The first of them that one request can hold; always at least one."""
    taken: list[StoredMessage] = []
    for message in messages:
        most -= _tokens(_line(message))
        if most < 0 and taken:
            break
        taken.append(message)
    return taken


def shortened(text: str, tokens: int) -> str:
    """The text, or as many of its first sentences as the budget holds."""
    text = text.strip()
    if _tokens(text) <= tokens:
        return text
    ends = [found.end() for found in SENTENCE.finditer(text)]
    fitting = [end for end in ends if _tokens(text[:end]) <= tokens]
    return text[: fitting[-1]] if fitting else _cut(text, tokens)


def _cut(text: str, tokens: int) -> str:
    words = text.split()
    while len(words) > 1 and _tokens(" ".join(words)) > tokens:
        words = words[: len(words) * 9 // 10]
    return " ".join(words) + "…"


def _line(message: StoredMessage) -> str:
    line = spoken_line(message)
    named = message.role == "user" or not message.author_name
    return line if named else f"{message.author_name}: {line}"


def _tokens(text: str) -> int:
    return estimate(weigh(text), Ratios())
