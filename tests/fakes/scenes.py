"""Scenes to make prompts of: Mira the pilot, Rook the mechanic, and people who talk with them."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from roleplay.bindings import Effective
from roleplay.characters.card import Card, DepthPrompt
from roleplay.chat import Role
from roleplay.lorebooks.book import LoreEntry, Position
from roleplay.lorebooks.result import Activated, ScanResult
from roleplay.personas import Persona
from roleplay.prompting.ingredients import Ingredients
from roleplay.scene import Character, Scene
from roleplay.transcript import StoredMessage

MIRA = Character(
    1,
    Card(
        name="Mira Voss",
        nickname="Mira",
        description="{{char}} flies the courier ship Lark. She owes {{user}} a favour.",
        personality="dry, loyal, curious",
        scenario="The Lark has landed on Titan to be repaired.",
        first_mes="Welcome aboard, {{user}}.",
        mes_example=(
            "<START>\n{{user}}: Are we lost?\n{{char}}: I prefer *unscheduled*.\n"
            "<START>\n{{user}}: Who taught you to fly?\n{{char}}: A man who crashed a lot."
        ),
        post_history_instructions="Keep {{char}}'s answers under three sentences.",
        depth_prompt=DepthPrompt("{{char}} never talks about the war.", 2),
    ),
)
ROOK = Character(2, Card(name="Rook", description="Rook is the mechanic, and short of words."))
ANN = Persona(7, 10, "Ann", "{{user}} is a smuggler with a limp.")

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def scene(character: Character = MIRA, *personas: Persona) -> Scene:
    return Scene(5, character, Effective("main", "config"), "all", (), personas)


def said(*lines: str) -> list[StoredMessage]:
    """A message for each "Ann: Hello". Mira and Rook are characters. Ids count from 1."""
    return [_message(place, line) for place, line in enumerate(lines, 1)]


def _message(place: int, line: str) -> StoredMessage:
    name, _, text = line.partition(": ")
    role = "assistant" if name in ("Mira", "Rook") else "user"
    author = 0 if role == "assistant" else sum(map(ord, name))
    return StoredMessage(place, 5, role, author, name, text, NOON.timestamp() + place)


def ingredients(
    history: Sequence[StoredMessage],
    *personas: Persona,
    cast: tuple[Character, ...] = (MIRA,),
) -> Ingredients:
    """Mira is to speak, at noon, with dice that always fall the same."""
    return Ingredients(
        scene(MIRA, *personas),
        MIRA,
        history,
        cast=cast,
        written=sum(one.role == "user" for one in history),
        now=NOON,
        rng=random.Random(1),
    )


def fired(
    text: str, position: Position, depth: int = 4, role: Role = "system", outlet: str = ""
) -> Activated:
    """An entry that joins the prompt."""
    entry = LoreEntry(1, keys=("key",), content=text, position=position)
    return Activated("book", entry, text, position, depth, role, outlet, 5, "key", "key")


def lore(*activated: Activated) -> ScanResult:
    return ScanResult(activated)
