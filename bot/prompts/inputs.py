"""A prompt out of files alone, for the terminal."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.characters.library import read
from bot.config.models import ChatSection, PromptSection
from roleplay.bindings import Effective
from roleplay.characters.card import Card
from roleplay.characters.formats import read_file
from roleplay.chats.chat import ChatLine
from roleplay.chats.read import read_chat
from roleplay.errors import ChatError, LorebookError, PersonaError, RoleForgeError
from roleplay.lorebooks.read import read_file as read_lorebook
from roleplay.lorebooks.scan import Scope
from roleplay.personas import Persona
from roleplay.phrases import count, say
from roleplay.profiles import ConnectionProfile
from roleplay.prompting.ingredients import SOMEBODY, Facts, Ingredients
from roleplay.prompting.instructions import Instruction, Instructions
from roleplay.prompting.scanning import Books, with_lore
from roleplay.prompting.values import Values
from roleplay.sanitise import speaker_name
from roleplay.scene import Character, Scene
from roleplay.transcript import StoredMessage


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was named on the command line. `personas` are NAME:TEXT; `user` "" is who wrote last."""

    character: Path
    lorebooks: tuple[Path, ...] = ()
    chat: Path | None = None
    personas: tuple[str, ...] = ()
    user: str = ""


def ingredients(
    given: Inputs, profile: ConnectionProfile, chat: ChatSection, now: float
) -> tuple[Ingredients, list[str]]:
    """All that `build` needs, and notes on what had to be cut in the files.

    Raises:
        CardError, LorebookError, ChatError, PersonaError: a file or a value is none.
    """
    contents = read_file(read(given.character), given.character.name)[1]
    notes = list(contents.notes)
    books = [*_own(contents.card), *_books(given.lorebooks, notes)]
    personas = tuple(_persona(at, text) for at, text in enumerate(given.personas, 1))
    character = Character(1, contents.card)
    scene = Scene(0, character, Effective(profile.name, "config"), "all", (), personas)
    here = Ingredients(
        scene,
        character,
        _history(given.chat, notes) if given.chat else (),
        cast=(character,),
        user=given.user and speaker_name(given.user),
        instructions=_instructions(chat.prompt),
        facts=Facts(profile.model, profile.window, profile.reply_tokens),
        now=datetime.fromtimestamp(now, UTC).astimezone(),
    )
    here = _begun(here, personas)
    return with_lore(here, books, chat.lorebooks.settings(), roll=random.Random()), notes


def _instructions(section: PromptSection) -> Instructions:
    return Instructions(Instruction(section.main), Instruction(section.post_history))


def _own(card: Card) -> Books:
    return [(card.book, "character")] if card.book else []


def _books(files: Iterable[Path], notes: list[str]) -> Books:
    scope: Scope = "global"
    return [(read_lorebook(_bytes(file, LorebookError), file.name, notes), scope) for file in files]


def _begun(here: Ingredients, personas: tuple[Persona, ...]) -> Ingredients:
    """Nobody has written yet: the character has greeted, and a persona is who it greets."""
    user = here.user or (personas[0].name if personas else "")
    if here.history:
        return here
    here = replace(here, user=user or SOMEBODY)
    greeting = Values(here).expand(here.speaker.card.first_mes)
    first = StoredMessage(1, 0, "assistant", 0, here.speaker.name, greeting, 0.0)
    return replace(here, history=(first,) if greeting else ())


def _history(file: Path, notes: list[str]) -> tuple[StoredMessage, ...]:
    chat = read_chat(_bytes(file, ChatError), file.name)
    hidden = sum(line.hidden for line in chat.lines)
    if hidden:
        one = "{count} hidden message of the chat is left out."
        notes.append(count(hidden, one, "{count} hidden messages of the chat are left out."))
    seen = (line for line in chat.lines if not line.hidden)
    return tuple(_message(place, line) for place, line in enumerate(seen, 1))


def _message(place: int, line: ChatLine) -> StoredMessage:
    role = "user" if line.is_user else "assistant"
    name = speaker_name(line.name)
    return StoredMessage(place, 0, role, 0, name, line.text, line.said_at or 0.0)


def _persona(place: int, written: str) -> Persona:
    name, colon, text = written.partition(":")
    if not colon or not name.strip():
        raise PersonaError(
            say("--persona {text}: there is no name before a colon.", text=written[:60]),
            hint=say('Write it like --persona "Ann: A smuggler with a limp."'),
        )
    return Persona(place, 0, speaker_name(name), text.strip())


def _bytes(file: Path, kind: Callable[..., RoleForgeError]) -> bytes:
    try:
        return file.read_bytes()
    except OSError as exc:
        raise kind(
            say("{file} cannot be read: {why}.", file=file, why=exc.strerror or exc),
            hint=say("Look at its name and at who may read it."),
        ) from exc
