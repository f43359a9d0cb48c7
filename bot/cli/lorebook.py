"""Look at lorebooks, try them, turn one kind of file into another, and keep them.

FILE is SillyTavern's world info, a V2 or V3 book or a card with one, or a lorebook of Agnai,
RisuAI or NovelAI. A NAME is one of the program's own database: a lorebook that is shared with
every server, or with --guild one of that server. Exit codes: 0 done, 65 a file is no lorebook that
can be used, 75 import while the bot runs.
"""

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.characters.library import file_of
from bot.lorebooks.desk import FORMATS, written
from bot.lorebooks.files import book_in, write
from bot.lorebooks.trying import tried
from bot.prompts.report import lore_json, lore_lines
from bot.terminal import (
    Exit,
    add_config,
    add_json,
    err,
    error_json,
    open_config,
    out,
    out_json,
    out_table,
    plain,
)
from roleplay.errors import LorebookError
from roleplay.lorebooks.book import Lorebook, LoreEntry
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.store import ListedLorebook
from roleplay.lorebooks.write import world_of
from roleplay.phrases import count, say
from storage.checkup import stored_lorebooks
from storage.lorebooks import SqlLorebooks
from storage.open import open_stores

HELP = "show, try, convert, import and export lorebooks"

WINDOW = 8192
"""Tokens, where none is given."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Each action has its own options, with those that they share."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    show = _action(actions, "show", _show, say("show one lorebook"))
    show.add_argument("source", metavar="FILE|NAME")
    export = _action(actions, "export", _export, say("write a lorebook as another kind of file"))
    export.add_argument("source", metavar="FILE|NAME")
    export.add_argument("out", metavar="OUT", type=Path)
    export.add_argument("--to", choices=list(FORMATS), default="sillytavern", metavar="FORMAT")
    bring = _action(actions, "import", _import, say("keep the lorebooks of files"))
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--name", default="", help=say("another name than the file's; one FILE"))
    _action(actions, "list", _list, say("list all lorebooks that are kept"))
    test = _action(actions, "test", _test, say("show which entries messages set off, and why"))
    test.add_argument("source", metavar="FILE|NAME")
    test.add_argument(
        "--text", action="append", required=True, help=say("a message; several: the oldest first")
    )
    test.add_argument("--window", type=int, default=WINDOW, metavar="TOKENS")


async def run(args: argparse.Namespace) -> int:
    """Exit code 0 or 65; see the module."""
    action: Callable[[argparse.Namespace], Awaitable[int]] = args.action
    return await action(args)


def _action(actions: Any, name: str, action: object, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
    parser.set_defaults(action=action)
    add_config(parser)
    add_json(parser)
    parser.add_argument(
        "--guild", type=int, metavar="ID", help=say("a Discord server; else shared")
    )
    return parser


async def _show(args: argparse.Namespace) -> int:
    book, notes = await _book(args)
    if args.json:
        out_json({"ok": True, "name": book.name, "notes": notes, "book": world_of(book)})
        return Exit.OK
    name = plain(book.name)
    out(count(len(book.entries), "{name}: {count} entry", "{name}: {count} entries", name=name))
    columns = [say(each) for each in ("Id", "Title", "Keys", "Order", "Position", "Text")]
    out_table(columns, [_row(entry) for entry in book.entries])
    _tell(notes)
    return Exit.OK


async def _export(args: argparse.Namespace) -> int:
    book, notes = await _book(args)
    data = written(book, args.to)
    write(args.out, data)
    if args.json:
        done = {"ok": True, "file": str(args.out), "format": args.to}
        out_json({**done, "bytes": len(data), "notes": notes})
    else:
        out(say("{file} is written ({form}).", file=args.out, form=args.to))
        _tell(notes)
    return Exit.OK


async def _import(args: argparse.Namespace) -> int:
    """Offline: the bot must not be running in the same data folder."""
    files: list[Path] = args.files
    if args.name and len(files) != 1:
        raise LorebookError(
            say("--name is for one file."), hint=say("Import the others without it.")
        )
    async with open_stores(open_config(args).data_folder) as stores:
        results = [await _keep(file, stores.lorebooks, args) for file in files]
    good = all(result["ok"] for result in results)
    if args.json:
        out_json({"ok": good, "files": results})
    return Exit.OK if good else Exit.BAD_DATA


async def _keep(file: Path, kept: SqlLorebooks, args: argparse.Namespace) -> dict[str, Any]:
    """What became of one file; also told to people."""
    notes: list[str] = []
    try:
        book = book_in(file, notes)
        stored = await kept.add(replace(book, name=args.name or book.name), args.guild)
    except LorebookError as error:
        err(say("{file} was not imported: {why}", file=file, why=plain(str(error))))
        err(f"  {error.hint}")
        return {"file": str(file), "ok": False, "error": error_json(error)}
    name = stored.book.name
    if not args.json:
        out(say("{file}: {name}, number {id}", file=file, name=plain(name), id=stored.id))
        _tell(notes)
    done = {"file": str(file), "ok": True, "id": stored.id, "name": name}
    return {**done, "entries": len(stored.book.entries), "notes": notes}


async def _list(args: argparse.Namespace) -> int:
    async with stored_lorebooks(open_config(args).data_folder) as kept:
        found = await kept.everywhere() if kept else []
    if args.guild:
        found = [each for each in found if each.guild_id in (None, args.guild)]
    if args.json:
        out_json({"lorebooks": [_listed_json(each) for each in found]})
    else:
        columns = [say(each) for each in ("Id", "Name", "Server", "Entries", "Revision")]
        out_table(columns, [_listed_row(each) for each in found])
    return Exit.OK


def _settings(args: argparse.Namespace) -> LoreSettings:
    """The config's where one is named, else SillyTavern's."""
    return open_config(args).config.chat.lorebooks.settings() if args.config else LoreSettings()


async def _test(args: argparse.Namespace) -> int:
    book, notes = await _book(args)
    found = tried(book, args.text, args.window, _settings(args))
    if args.json:
        out_json({"ok": True, "name": book.name, "notes": notes, **lore_json(found)})
        return Exit.OK
    for line in lore_lines(found):
        out(plain(line))
    out(
        say(
            "{tokens} of {budget} tokens; {count} entries were not called.",
            tokens=found.tokens,
            budget=found.budget,
            count=found.unmatched,
        )
    )
    _tell(notes)
    return Exit.OK


async def _book(args: argparse.Namespace) -> tuple[Lorebook, list[str]]:
    """Of the file; where there is none, the one that is kept under that name."""
    notes: list[str] = []
    if file := file_of(args.source):
        return book_in(file, notes), notes
    async with stored_lorebooks(open_config(args).data_folder) as kept:
        stored = await kept.find(args.source, args.guild) if kept else None
    if stored:
        return stored.book, notes
    raise LorebookError(
        say("There is neither a file nor a lorebook “{name}”.", name=args.source),
        hint=say("roleforge lorebook list shows the lorebooks; --guild ID looks in a server."),
    )


def _row(entry: LoreEntry) -> tuple[str, ...]:
    keys = ", ".join(entry.keys)[:60] or (say("always") if entry.constant else "")
    texts = entry.title[:40], keys, f"{entry.order:g}"
    position = say(entry.position.name.lower().replace("_", " "))
    content = " ".join(entry.content.split())[:60]
    return str(entry.uid), *map(plain, texts), position, plain(content)


def _listed_row(listed: ListedLorebook) -> tuple[str, ...]:
    server = say("shared") if listed.guild_id is None else str(listed.guild_id)
    return str(listed.id), plain(listed.name), server, str(listed.entries), str(listed.revision)


def _listed_json(listed: ListedLorebook) -> dict[str, Any]:
    return {
        "id": listed.id,
        "name": listed.name,
        "guildId": listed.guild_id,
        "entries": listed.entries,
        "revision": listed.revision,
    }


def _tell(notes: list[str]) -> None:
    for note in notes:
        err(say("Note: {note}", note=plain(note)))
