"""Dice, random choices, and choices that stay the same."""

import random
from zlib import crc32

from roleplay.dice import roll
from roleplay.errors import DiceError
from roleplay.macros.expand import Call, Macros


def chance_macros(rng: random.Random, seed: str) -> Macros:
    """`seed` names the chat: in it `{{pick}}` chooses the same in the same place of a text."""

    def choose(call: Call) -> str:
        return rng.choice(call.options)

    def pick(call: Call) -> str:
        place = f"{seed} {crc32(call.whole.encode('utf-8', 'replace'))} {call.at}"
        return random.Random(place).choice(call.options)

    def dice(call: Call) -> str:
        """Nothing for what is no roll, as in SillyTavern."""
        try:
            return str(roll(call.argument, rng).total)
        except DiceError:
            return ""

    return {"random": choose, "pick": pick, "roll": dice}
