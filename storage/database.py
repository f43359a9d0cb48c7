"""One SQLite file behind one connection; the only module that knows the driver.

Everything goes through a lock: nobody sees another's unfinished transaction, and nobody's commit
saves another's half. The statements themselves run in the driver's thread, one hop each.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, cast

import aiosqlite

from roleplay.audit import ACTOR
from storage.faults import damaged, translated

T = TypeVar("T")

Durability = Literal["FULL", "NORMAL"]

Row = tuple[Any, ...]
Parameters = Sequence[object]

BUSY_SECONDS = 5.0
"""How long a statement waits for another program, such as a backup, to let go of the file."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what people deleted is overwritten, not just unlinked
)


class Reader(Protocol):
    """The database between transactions, or one transaction."""

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]: ...


class Writer(Reader, Protocol):
    """The same, for a statement that stands alone or is part of something larger."""

    async def run(self, sql: str, parameters: Parameters = ()) -> int: ...


class Transaction:
    """Statements that are stored together. Valid inside its `async with` only."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        with translated(self._path):
            found = await self._connection.execute_fetchall(sql, parameters)
        return cast("list[Row]", found)  # tuples, as no row factory is set

    async def run(self, sql: str, parameters: Parameters = ()) -> int:
        """The number of rows changed."""
        with translated(self._path):
            try:
                return (await self._connection.execute(sql, parameters)).rowcount
            except UnicodeEncodeError:
                return (await self._connection.execute(sql, _storable(parameters))).rowcount

    async def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """The id that the table gave to the new row."""
        with translated(self._path):
            try:
                found = await self._connection.execute_insert(sql, parameters)
            except UnicodeEncodeError:
                found = await self._connection.execute_insert(sql, _storable(parameters))
        return found[0] if found else 0

    async def run_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        with translated(self._path):
            await self._connection.executemany(sql, [_storable(each) for each in parameters])


class Statements:
    """The same statements without waiting, for work that runs in the driver's thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        return self._connection.execute(sql, parameters).fetchall()

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """The number of rows changed."""
        return self._execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """The id that the table gave to the new row."""
        return self._execute(sql, parameters).lastrowid or 0

    def _execute(self, sql: str, parameters: Parameters) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, parameters)
        except UnicodeEncodeError:
            return self._connection.execute(sql, _storable(parameters))


class Database:
    """Reads, single writes and transactions, each alone with the connection while it lasts.

    `actor` is the person for whom the present one works.

    Raises:
        StorageError: from any method; `DiskFull`, `DatabaseInUse` and `DatabaseDamaged` where it is
            one of these. What failed has changed nothing.
    """

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._statements = Transaction(connection, path)
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self.actor: int | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, *, busy_seconds: float = BUSY_SECONDS
    ) -> AsyncGenerator["Database"]:
        """Open or create the file, check it and set it up; it is closed at the end.

        Raises:
            DatabaseDamaged: not a database, or it fails SQLite's own check.
        """
        connection = aiosqlite.connect(path, timeout=busy_seconds, isolation_level=None)
        with translated(path):
            await connection
        try:
            database = cls(connection, path)
            await database._prepare()
            yield database
        finally:
            with translated(path):
                await connection.close()

    @classmethod
    @asynccontextmanager
    async def read_only(cls, path: Path) -> AsyncGenerator["Database"]:
        """Look into a file that another process may be writing; it must be there.

        Such a connection neither writes nor checkpoints, so it cannot disturb the one that does.
        """
        uri = f"{_uri(path)}?mode=ro"
        connection = aiosqlite.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        with translated(path):
            await connection
        try:
            yield cls(connection, path)
        finally:
            with translated(path):
                await connection.close()

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        async with self._alone():
            return await self._statements.rows(sql, parameters)

    async def run(self, sql: str, parameters: Parameters = ()) -> int:
        """One statement as a transaction of its own: the number of rows changed."""
        async with self._alone():
            return await self._statements.run(sql, parameters)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """All of it is stored when the block ends, none of it when it raises or is cancelled.

        A task that is cancelled during the final commit may find it stored.
        """
        async with self._alone():
            try:
                await self._statements.run("BEGIN IMMEDIATE")
                yield self._statements
                await self._statements.run("COMMIT")
            except BaseException:
                await self._roll_back()
                raise

    async def at_once(
        self, work: Callable[[Statements], T], *, durability: Durability = "FULL"
    ) -> T:
        """A transaction in one hop to the driver's thread: `work` must not wait for anything.

        With the durability NORMAL a power cut may undo it, a crash of the program never does.
        """
        async with self._alone():
            with translated(self.path):
                return await self._in_driver(partial(_together, work, durability))

    async def _in_driver(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A hop costs more than a statement, and aiosqlite hops for each of its own calls."""
        connection: Any = self._connection
        return await connection._execute(lambda: work(connection._conn))  # noqa: SLF001

    async def teach(self, name: str, function: Callable[[], int | float | None]) -> None:
        """Let statements of this connection call a function; it runs in the driver's thread."""
        async with self._alone():
            with translated(self.path):
                connection: Any = self._connection
                await connection.create_function(name, 0, function)

    async def version(self) -> int:
        """The number of the last migration that was applied, 0 for a new file."""
        return (await self.rows("PRAGMA user_version"))[0][0]

    async def apply(self, script: str, version: int) -> None:
        """Run a migration and note its number, both or neither."""
        whole = f"BEGIN IMMEDIATE;\n{script}\n;PRAGMA user_version = {version:d};\nCOMMIT;"
        async with self._alone():
            try:
                with translated(self.path):
                    await self._connection.executescript(whole)
            except BaseException:
                await self._roll_back()
                raise

    async def copy_to(self, path: Path) -> None:
        """A copy of the database as it is now; it has its name only once it is whole."""
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        async with self._alone():
            with translated(partial):
                async with aiosqlite.connect(partial) as target:
                    await self._connection.backup(target)
        partial.replace(path)

    async def _prepare(self) -> None:
        for pragma in PRAGMAS:
            await self.rows(pragma)
        problem = (await self.rows("PRAGMA quick_check(1)"))[0][0]
        if problem != "ok":
            raise damaged(self.path, problem)

    @asynccontextmanager
    async def _alone(self) -> AsyncGenerator[None]:
        task = asyncio.current_task()
        if self._holder is task:
            raise RuntimeError("inside a transaction only the transaction itself may be used")
        async with self._lock:
            self._holder, self.actor = task, ACTOR.get()
            try:
                yield
            finally:
                self._holder = None

    async def _roll_back(self) -> None:
        with translated(self.path):
            await self._connection.rollback()


def _uri(path: Path) -> str:
    return path.absolute().as_uri()


def _together(
    work: Callable[[Statements], T], durability: Durability, connection: sqlite3.Connection
) -> T:
    connection.execute(f"PRAGMA synchronous = {durability}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(Statements(connection))
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.execute("PRAGMA synchronous = FULL")
    return result


def _storable(parameters: Parameters) -> list[object]:
    """Lone surrogates, which a server's stream can hold, are no UTF-8: join or replace them."""
    return [
        each.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if isinstance(each, str)
        else each
        for each in parameters
    ]
