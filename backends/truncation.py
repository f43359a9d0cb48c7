"""Notices a server that shortens a prompt without a word, as Ollama does beyond its window."""

from roleplay.phrases import say

WINDOWS = (2048, 4096, 8192, 16384, 32768)
"""Tokens; what servers are started with when nobody says how large the window should be."""

FULL = 0.8
"""A prompt is shortened by whole messages, so that it fills its window at least that far."""

FAR_BELOW = 0.6
"""Of what was sent: an estimate is off by less."""


def cut_at(sent: int, counted: int) -> int | None:
    """The window that the server seems to have cut the prompt to; None: it read all of it.

    `sent` is in tokens by our own count, `counted` by the server's.
    """
    if counted >= FAR_BELOW * sent:
        return None
    return next((size for size in WINDOWS if FULL * size <= counted <= size), None)


def what_happened(sent: int, counted: int) -> str:
    return say(
        "It read only {counted} of about {sent} tokens and forgot the beginning.",
        counted=counted,
        sent=sent,
    )


def what_to_do(profile: str, window: int) -> str:
    return say(
        "Its window seems to be {window}: set maxContextTokens of {profile} to that, or give the "
        'model a larger one. Ollama is told by "type": "ollama" or OLLAMA_CONTEXT_LENGTH.',
        window=window,
        profile=profile,
    )
