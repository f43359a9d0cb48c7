"""The buttons below the newest reply, as a test presses them."""

import discord

from fakes.tavern import Tavern


def row(message: discord.Message) -> list[tuple[str, str, bool]]:
    """Each button's verb, label and whether it can be pressed."""
    return [
        (str(button.custom_id).partition(":")[0], button.label or "", not button.disabled)
        for line in message.components
        if isinstance(line, discord.ActionRow)
        for button in line.children
        if isinstance(button, discord.Button)
    ]


async def counts(at: Tavern, text: str) -> None:
    """Wait until the newest message's row says which variant it is."""
    await at.until(lambda: ("right", text, True) in row(at.messages(at.hearth)[-1]))


async def press(at: Tavern, verb: str, who: str = "ann") -> str:
    """Press a button of the newest message; what the one who pressed it is told."""
    await at.until(lambda: len(row(at.messages(at.hearth)[-1])) > 1)
    message = at.messages(at.hearth)[-1]
    button = next(
        str(button.custom_id)
        for line in message.components
        if isinstance(line, discord.ActionRow)
        for button in line.children
        if isinstance(button, discord.Button) and str(button.custom_id).startswith(verb)
    )
    result = await getattr(at, who).click(message, custom_id=button)
    await at.quiet()
    answer = result.followups[-1] if result.followups else result.response
    return answer.content if answer is not None and answer.ephemeral else ""
