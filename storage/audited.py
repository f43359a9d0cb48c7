"""Which tables hold settings, and what the audit keeps of their rows: no keys and no messages.

The triggers are temporary: they are made anew at each start, so other programs and migrations are
free to change the tables.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from storage.database import Database

LONGEST = 200
"""Characters kept of a note or an instruction."""

Teach = dict[str, Callable[[], int | float | None]]


@dataclass(frozen=True, slots=True)
class Watched:
    """A table. `{row}` in the SQL expressions stands for the row before or after.

    With `always` an update counts even where no fact differs: what changed is not told.
    """

    table: str
    action: str
    target: str
    facts: tuple[tuple[str, str], ...]
    guild: str = "{row}.guild_id"
    always: bool = False

    def values(self, row: str) -> str:
        """The facts of a row as a JSON object."""
        pairs = ", ".join(f"'{name}', {sql.format(row=row)}" for name, sql in self.facts)
        return f"json_object({pairs})"


def _columns(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{{row}}.{name}") for name in names)


BOOK = "(SELECT b.name FROM lorebooks b WHERE b.id = {row}.book_id)"
PRESET = "(SELECT p.name_key FROM presets p WHERE p.id = {row}.preset_id)"
TEXT = ("text", f"substr({{row}}.text, 1, {LONGEST})")

WATCHED = (
    Watched(
        "channels",
        "channel",
        "{row}.channel_id",
        _columns("profile", "mode", "wake_words", "when_down"),
    ),
    Watched("guilds", "server", "{row}.guild_id", _columns("profile", "outage_channel_id")),
    Watched(
        "limits", "limit", "{row}.id", _columns("scope", "what", "amount", "seconds", "target")
    ),
    Watched("lorebook_links", "lorebook link", "{row}.place_id", (("book", BOOK),)),
    Watched("channel_presets", "preset", "{row}.channel_id", (("preset", PRESET),)),
    Watched("presets", "preset file", "{row}.name_key", (("name", "{row}.name_key"),), always=True),
    Watched("notes", "note", "{row}.channel_id", (TEXT, *_columns("depth", "interval", "place"))),
    Watched("instructions", "instruction", "{row}.scope_id", (*_columns("scope", "part"), TEXT)),
    Watched("memory_choices", "memory", "{row}.channel_id", _columns("enabled", "profile")),
    Watched(
        "maintenance",
        "maintenance",
        "{row}.id",
        _columns("profiles", "start", "seconds", "cron", "zone", "reason"),
        guild="0",
    ),
    Watched(
        "profiles",
        "profile",
        "{row}.name",
        (("model", "json_extract({row}.body, '$.model')"),),
        guild="0",
        always=True,
    ),
    Watched("characters", "character", "{row}.name", _columns("name", "revision")),
    Watched("lorebooks", "lorebook", "{row}.name", _columns("name", "revision")),
)


async def watch(database: Database, now: Callable[[], float]) -> None:
    """Note every change of these tables that a person makes, from now on."""
    await database.teach("acting", lambda: database.actor)
    await database.teach("clock", now)
    for watched in WATCHED:
        for statement in _triggers(watched):
            await database.run(statement)


def _triggers(watched: Watched) -> Iterator[str]:
    old, new = watched.values("OLD"), watched.values("NEW")
    differs = "" if watched.always else f" AND {old} IS NOT {new}"
    for event, row, before, after, when in (
        ("INSERT", "NEW", "NULL", new, ""),
        ("UPDATE", "NEW", old, new, differs),
        ("DELETE", "OLD", old, "NULL", ""),
    ):
        guild, target = watched.guild.format(row=row), watched.target.format(row=row)
        yield f"""
            CREATE TEMP TRIGGER audit_{watched.table}_{event.lower()}
            AFTER {event} ON main.{watched.table} WHEN acting() IS NOT NULL{when}
            BEGIN
                INSERT INTO audit (at, guild_id, actor_id, action, target, before, after)
                VALUES (clock(), COALESCE({guild}, 0), acting(), '{watched.action}',
                    CAST({target} AS TEXT), {before}, {after});
            END
        """  # noqa: S608 - our own names
