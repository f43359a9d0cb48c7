"""What people do with their personas. Each sees and changes only their own."""

from typing import Protocol

from discord import app_commands

from bot.choices import MOST_CHOICES
from bot.pictures import avatar
from roleplay.errors import PersonaError
from roleplay.personas import Persona, Personas
from roleplay.phrases import count, say
from roleplay.sanitise import speaker_name
from roleplay.tavern_personas import read_personas

OWN_NAME = "-"
"""Stands for the person's own name where a persona's is asked for."""


class PersonaStore(Personas, Protocol):
    """Raises `PersonaError` for what cannot be, `StorageError` where the database fails."""

    async def create(self, user_id: int, name: str, description: str) -> Persona: ...

    async def change(self, persona: Persona, name: str, description: str) -> None: ...

    async def picture(self, persona: Persona) -> bytes | None: ...

    async def hang(self, persona: Persona, picture: bytes) -> None: ...

    async def remove(self, persona: Persona) -> None: ...

    async def make_default(self, user_id: int, persona: Persona | None) -> None: ...

    async def choose(
        self, user_id: int, channel_id: int, guild_id: int | None, persona: Persona | None
    ) -> None: ...

    async def choose_nothing(self, user_id: int, channel_id: int) -> None: ...


class PersonaDesk:
    """Answers with what to tell the person. Raises `PersonaError` and `StorageError`."""

    def __init__(self, store: PersonaStore) -> None:
        self._store = store

    async def all(self, user_id: int) -> tuple[Persona, ...]:
        return (await self._store.wardrobe(user_id)).personas

    async def mine(self, user_id: int, name: str) -> Persona:
        wardrobe = await self._store.wardrobe(user_id)
        if found := wardrobe.named(name):
            return found
        names = ", ".join(one.name for one in wardrobe.personas)
        hint = (
            say("You have: {names}.", names=names)
            if names
            else say("Make one with /persona create.")
        )
        raise PersonaError(say("You have no persona called “{name}”.", name=name), hint=hint)

    async def create(self, user_id: int, name: str, description: str) -> str:
        made = await self._store.create(user_id, speaker_name(name), description)
        use = say("Wear it in this channel with /persona use, or everywhere with /persona default.")
        return "\n".join((say("**{name}** is made.", name=made.name), use))

    async def change(self, persona: Persona, name: str, description: str) -> str:
        await self._store.change(persona, speaker_name(name), description)
        return say("**{name}** is changed.", name=speaker_name(name))

    async def picture(self, persona: Persona) -> bytes | None:
        return await self._store.picture(persona)

    async def hang(self, user_id: int, name: str, picture: bytes) -> str:
        """Raises `PictureError` too."""
        persona = await self.mine(user_id, name)
        await self._store.hang(persona, await avatar(picture))
        return say("**{name}** has a picture.", name=persona.name)

    async def remove(self, user_id: int, name: str) -> str:
        persona = await self.mine(user_id, name)
        await self._store.remove(persona)
        return say("**{name}** is removed.", name=persona.name)

    async def make_default(self, user_id: int, name: str) -> str:
        if name == OWN_NAME:
            await self._store.make_default(user_id, None)
            return say("You write under your own name, where you chose nothing else.")
        persona = await self.mine(user_id, name)
        await self._store.make_default(user_id, persona)
        return say("You are **{name}**, where you chose nobody else.", name=persona.name)

    async def use(
        self, user_id: int, channel_id: int, guild_id: int | None, name: str | None
    ) -> str:
        """Nothing named: the default counts again."""
        if name is None:
            await self._store.choose_nothing(user_id, channel_id)
            return say("Your default counts again in this channel.")
        persona = None if name == OWN_NAME else await self.mine(user_id, name)
        await self._store.choose(user_id, channel_id, guild_id, persona)
        if persona is None:
            return say("You write under your own name in this channel.")
        return say("You are **{name}** in this channel from now on.", name=persona.name)

    async def show_all(self, user_id: int, worn: Persona | None) -> str:
        wardrobe = await self._store.wardrobe(user_id)
        if not wardrobe.personas:
            return say("You have no personas yet. Make one with /persona create.")
        lines = [
            f"- **{one.name}**{_marks(one, wardrobe.default, worn)}" for one in wardrobe.personas
        ]
        return "\n".join(lines)

    async def worn(self, user_id: int, channel_id: int, parent_id: int | None) -> Persona | None:
        return await self._store.worn(user_id, channel_id, parent_id)

    async def bring(self, user_id: int, data: bytes) -> str:
        """From SillyTavern; personas whose names are taken are left as they are."""
        found = read_personas(data)
        wardrobe = await self._store.wardrobe(user_id)
        new = {
            speaker_name(name): text
            for name, text in found.items()
            if not wardrobe.named(speaker_name(name))
        }
        for name, description in new.items():
            await self._store.create(user_id, name, description)
        brought = count(len(new), "Imported {count} persona.", "Imported {count} personas.")
        kept = len(found) - len(new)
        if not kept:
            return brought
        rest = count(kept, "{count} was there already.", "{count} were there already.")
        return f"{brought} {rest}"

    async def choices(self, user_id: int, typed: str) -> list[app_commands.Choice[str]]:
        """The person's own; those that begin with what was typed come first."""
        part = typed.lower()
        names = [one.name for one in (await self._store.wardrobe(user_id)).personas]
        found = [name for name in names if part in name.lower()]
        found.sort(key=lambda name: (not name.lower().startswith(part), name))
        return [app_commands.Choice(name=name, value=name) for name in found[:MOST_CHOICES]]


def _marks(persona: Persona, default: int | None, worn: Persona | None) -> str:
    marks = [say("default")] if persona.id == default else []
    if worn and worn.id == persona.id:
        marks.append(say("in this channel"))
    return f" ({', '.join(marks)})" if marks else ""
