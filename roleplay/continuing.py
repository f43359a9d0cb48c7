"""A prompt for more of a message that was begun."""

from dataclasses import replace

from roleplay.prompt import REQUIRED, Block, Prompt


def going_on(prompt: Prompt, begun: str) -> Prompt:
    """The same prompt with the speaker's words so far at its end, to be gone on with."""
    block = Block("continued", "assistant", begun, REQUIRED, name=prompt.char)
    return replace(prompt, blocks=(*prompt.blocks, block), continues=True)
