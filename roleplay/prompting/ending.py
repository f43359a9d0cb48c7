"""What stands after the history, and the strings that end the reply."""

from collections.abc import Iterator

from roleplay.prompt import Block
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.opening import replaced
from roleplay.prompting.priorities import REQUIRED
from roleplay.prompting.spoken import people
from roleplay.prompting.values import Values
from roleplay.sanitise import defuse

YOUR_TURN = "[It is {{char}}'s turn now. Write only what {{char}} says and does.]"
ANOTHER = "[{{char}} goes on with another message.]"
AS_THE_PERSON = (
    "[Now write the next message of {{user}}, in the way {{user}} has written so far. Do not write "
    "or act for {{char}}.]"
)


def ending(here: Ingredients, values: Values) -> Iterator[Block]:
    """Whose turn it is, then the instructions that are read last."""
    if not here.goes_on and here.wanted == "reply":
        nudge = _nudge(here)
        if nudge:
            yield Block("whose turn it is", "system", values.expand(nudge), REQUIRED)
    if here.turn and here.turn.hint:
        wish = f"[{defuse(here.turn.hint)}]"
        yield Block("somebody's wish", "system", wish, REQUIRED)
    last = replaced(
        here.speaker.card.post_history_instructions, here.instructions.post_history.text, values
    )
    if last:
        yield Block("post-history instructions", "system", last, REQUIRED)
    if here.turn and here.turn.hint:
        yield Block("hint", "system", f"[{defuse(here.turn.hint)}]", REQUIRED)
    if here.wanted == "impersonation":
        yield Block("whose turn it is", "system", values.expand(AS_THE_PERSON), REQUIRED)


def _nudge(here: Ingredients) -> str:
    """Where the reply follows another reply, models and servers would go on with that one."""
    if here.in_group:
        return YOUR_TURN
    return ANOTHER if here.history and here.history[-1].role == "assistant" else ""


def voices(here: Ingredients) -> list[str]:
    """The names of all who may speak: the people, newest first, then the characters."""
    characters = [here.speaker.name, *(each.name for each in here.cast)]
    names = [*people(here.history), *(each.name for each in here.scene.personas), *characters]
    return [name for name in dict.fromkeys(names) if name]


def stops(here: Ingredients) -> tuple[str, ...]:
    """Whoever speaks must not speak for the others who are there."""
    own = here.answered if here.wanted == "impersonation" else here.speaker.name
    return tuple(f"\n{name}:" for name in voices(here) if name != own)
