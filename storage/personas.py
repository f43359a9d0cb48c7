"""Who people are in stories: implements `roleplay.personas.Personas`."""

from collections import OrderedDict
from dataclasses import dataclass, field

from roleplay.errors import PersonaError
from roleplay.personas import Persona, Wardrobe
from roleplay.phrases import say
from storage.database import Database

MOST = 100
"""Personas of one person."""

REMEMBERED = 5000
"""People whose personas are kept in memory: every message asks for its writer's."""


@dataclass(slots=True)
class Known:
    """`choices` maps a channel to a persona's id, None for the person's own name."""

    wardrobe: Wardrobe = field(default_factory=Wardrobe)
    choices: dict[int, int | None] = field(default_factory=dict[int, int | None])


class SqlPersonas:
    """Remembers what it read: the data folder belongs to one process, every write passes here.

    Raises:
        PersonaError: what a person asks for cannot be.
        StorageError: from any method.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[int, Known] = OrderedDict()

    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        known = await self._of(user_id)
        for place in (channel_id, parent_id):
            if place in known.choices:
                return known.wardrobe.by_id(known.choices[place])
        return known.wardrobe.by_id(known.wardrobe.default)

    async def wardrobe(self, user_id: int) -> Wardrobe:
        return (await self._of(user_id)).wardrobe

    async def create(self, user_id: int, name: str, description: str) -> Persona:
        wardrobe = await self.wardrobe(user_id)
        _require_free(wardrobe, name)
        if len(wardrobe.personas) >= MOST:
            raise PersonaError(
                say("You have {most} personas already.", most=MOST),
                hint=say("Remove one with /persona remove."),
            )
        await self._write(
            user_id,
            "INSERT INTO personas (user_id, name, description) VALUES (?, ?, ?)",
            (user_id, name, description),
        )
        made = (await self.wardrobe(user_id)).named(name)
        assert made is not None, "it was just stored"  # noqa: S101 - narrows
        return made

    async def change(self, persona: Persona, name: str, description: str) -> None:
        if name.casefold() != persona.name.casefold():
            _require_free(await self.wardrobe(persona.user_id), name)
        await self._write(
            persona.user_id,
            "UPDATE personas SET name = ?, description = ? WHERE id = ? AND user_id = ?",
            (name, description, persona.id, persona.user_id),
        )

    async def picture(self, persona: Persona) -> bytes | None:
        rows = await self._database.rows(
            "SELECT picture FROM personas WHERE id = ? AND user_id = ?",
            (persona.id, persona.user_id),
        )
        return rows[0][0] if rows else None

    async def hang(self, persona: Persona, picture: bytes) -> None:
        """`picture` is small: it is kept as it is."""
        await self._write(
            persona.user_id,
            "UPDATE personas SET picture = ? WHERE id = ? AND user_id = ?",
            (picture, persona.id, persona.user_id),
        )

    async def remove(self, persona: Persona) -> None:
        await self._write(
            persona.user_id,
            "DELETE FROM personas WHERE id = ? AND user_id = ?",
            (persona.id, persona.user_id),
        )

    async def make_default(self, user_id: int, persona: Persona | None) -> None:
        """None: their own name."""
        try:
            async with self._database.transaction() as transaction:
                await transaction.run(
                    "UPDATE personas SET is_default = 0 WHERE user_id = ?", (user_id,)
                )
                if persona:
                    await transaction.run(
                        "UPDATE personas SET is_default = 1 WHERE id = ? AND user_id = ?",
                        (persona.id, user_id),
                    )
        finally:
            self._known.pop(user_id, None)

    async def choose(
        self, user_id: int, channel_id: int, guild_id: int | None, persona: Persona | None
    ) -> None:
        """For one channel; None: their own name there, whatever the default is."""
        await self._write(
            user_id,
            "INSERT OR REPLACE INTO persona_choices VALUES (?, ?, ?, ?)",
            (user_id, channel_id, guild_id, persona.id if persona else None),
        )

    async def choose_nothing(self, user_id: int, channel_id: int) -> None:
        """The default counts again."""
        await self._write(
            user_id,
            "DELETE FROM persona_choices WHERE user_id = ? AND channel_id = ?",
            (user_id, channel_id),
        )

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._known.clear()

    async def _write(self, user_id: int, sql: str, parameters: tuple[object, ...]) -> None:
        try:
            await self._database.run(sql, parameters)
        finally:
            self._known.pop(user_id, None)

    async def _of(self, user_id: int) -> Known:
        if user_id not in self._known:
            self._known[user_id] = await self._read(user_id)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(user_id)
        return self._known[user_id]

    async def _read(self, user_id: int) -> Known:
        rows = await self._database.rows(
            """
            SELECT id, user_id, name, description, picture IS NOT NULL, is_default FROM personas
            WHERE user_id = ? ORDER BY name, id
            """,
            (user_id,),
        )
        chosen = await self._database.rows(
            "SELECT channel_id, persona_id FROM persona_choices WHERE user_id = ?", (user_id,)
        )
        default = next((row[0] for row in rows if row[5]), None)
        personas = tuple(Persona(*row[:4], pictured=bool(row[4])) for row in rows)
        wardrobe = Wardrobe(personas, default)
        return Known(wardrobe, dict(chosen))


def _require_free(wardrobe: Wardrobe, name: str) -> None:
    if wardrobe.named(name):
        raise PersonaError(
            say("You have a persona called “{name}” already.", name=name),
            hint=say("Change it with /persona edit, or choose another name."),
        )
