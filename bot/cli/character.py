"""Look at characters' files, turn one kind of file into another, and keep characters.

FILE is a PNG, APNG, JSON, CharX or YAML. A NAME is one of the program's own database: a character
that is shared with every server, or with --guild one of that server. Exit codes: 0 done, 65 a file
is no character that can be used, 75 import while the bot runs.
"""

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.characters.files import left_out, opened, written
from bot.characters.library import Result, file_of, files_in, import_file, read, write
from bot.characters.text import book_size
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
from roleplay.characters.contents import Contents
from roleplay.characters.formats import every
from roleplay.characters.shapes import document_of
from roleplay.characters.store import StoredCharacter
from roleplay.errors import CardError
from roleplay.phrases import say
from storage.checkup import stored_characters
from storage.open import open_stores

HELP = "show, convert, import and export characters"

FIELDS = ("description", "personality", "scenario", "first_mes", "mes_example", "creator_notes")

EXCERPT = 300
"""Characters of a field, as a terminal shows it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Each action has its own options, with those that they share."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    show = _action(actions, "show", _show, say("show one character"))
    show.add_argument("source", metavar="FILE|NAME")
    export = _action(actions, "export", _export, say("write a character as another kind of file"))
    export.add_argument("source", metavar="FILE|NAME")
    export.add_argument("out", metavar="OUT", type=Path)
    export.add_argument(
        "--to", choices=list(every()), metavar="FORMAT", help=say("else by the name of OUT")
    )
    bring = _action(actions, "import", _import, say("keep the characters of files and folders"))
    bring.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    bring.add_argument("--name", default="", help=say("another name than the card's; one FILE"))
    _action(actions, "list", _list, say("list all characters that are kept"))


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
    form, contents = await _contents(args)
    if args.json:
        out_json(_as_json(form, contents))
        return Exit.OK
    card = contents.card
    out(plain(card.name) + (f" ({plain(card.nickname)})" if card.nickname else ""))
    for key in FIELDS:
        if text := getattr(card, key):
            out(f"{key}: {_excerpt(text)}")
    greetings = len(card.alternate_greetings) + bool(card.first_mes)
    out(say("Greetings: {count}", count=greetings))
    out(say("Lorebook entries: {count}", count=book_size(card)))
    out(say("Tags: {tags}", tags=plain(", ".join(card.tags))))
    _tell(contents.notes)
    return Exit.OK


async def _export(args: argparse.Namespace) -> int:
    form = args.to or _form_of(args.out)
    _, contents = await _contents(args)
    data = await written(contents, form)
    write(args.out, data)
    notes = left_out(contents, form)
    if args.json:
        out_json(
            {
                "ok": True,
                "file": str(args.out),
                "format": form,
                "bytes": len(data),
                "notes": notes,
            }
        )
    else:
        out(say("{file} is written ({form}).", file=args.out, form=form))
        _tell(notes)
    return Exit.OK


async def _import(args: argparse.Namespace) -> int:
    """Offline: the bot must not be running in the same data folder."""
    files = files_in(args.paths)
    if args.name and len(files) != 1:
        raise CardError(say("--name is for one file."), hint=say("Import the others without it."))
    async with open_stores(open_config(args).data_folder) as stores:
        results = [
            await import_file(file, stores.characters, args.guild, args.name) for file in files
        ]
    if args.json:
        out_json({"ok": all_good(results), "files": [_result_json(each) for each in results]})
    else:
        for each in results:
            _tell_result(each)
    return Exit.OK if all_good(results) else Exit.BAD_DATA


async def _list(args: argparse.Namespace) -> int:
    async with stored_characters(open_config(args).data_folder) as kept:
        found = await kept.everyone() if kept else []
    if args.guild:
        found = [each for each in found if each.guild_id in (None, args.guild)]
    if args.json:
        out_json({"characters": [_stored_json(each) for each in found]})
    else:
        columns = (
            say("Id"),
            say("Name"),
            say("Server"),
            say("Revision"),
            say("Lore"),
            say("Picture"),
        )
        out_table(columns, [_row(each) for each in found])
    return Exit.OK


async def _contents(args: argparse.Namespace) -> tuple[str, Contents]:
    """Of the file; where there is none, of the character that is kept under that name."""
    file = file_of(args.source)
    if file:
        found = await opened(read(file), file.name)
        return found.form, found.contents
    async with stored_characters(open_config(args).data_folder) as kept:
        stored = await kept.find(args.source, args.guild) if kept else None
        if kept and stored:
            return "", await kept.contents(stored)
    raise CardError(
        say("There is neither a file nor a character “{name}”.", name=args.source),
        hint=say("roleforge character list shows the characters; --guild ID looks in a server."),
    )


def _form_of(out: Path) -> str:
    suffix = {".yml": ".yaml", ".apng": ".png"}.get(out.suffix.lower(), out.suffix.lower())
    for name, form in every().items():
        if suffix == form.SUFFIX:
            return name
    raise CardError(
        say("The name {file} does not tell the kind of file.", file=out),
        hint=say("Add --to with one of {forms}.", forms=", ".join(every())),
    )


def all_good(results: list[Result]) -> bool:
    return all(result.error is None for result in results)


def _as_json(form: str, contents: Contents) -> dict[str, Any]:
    return {
        "ok": True,
        "format": form or None,
        "name": contents.card.name,
        "char": contents.card.char,
        "pictureBytes": len(contents.picture or b""),
        "files": {name: len(data) for name, data in contents.assets.items()},
        "loreEntries": book_size(contents.card),
        "notes": list(contents.notes),
        "card": document_of(contents.card),
    }


def _result_json(result: Result) -> dict[str, Any]:
    return {
        "file": str(result.file),
        "ok": result.error is None,
        "id": result.id,
        "name": result.name or None,
        "notes": list(result.notes),
        "error": error_json(result.error) if result.error else None,
    }


def _stored_json(stored: StoredCharacter) -> dict[str, Any]:
    return {
        "id": stored.id,
        "name": stored.card.name,
        "guildId": stored.guild_id,
        "revision": stored.revision,
        "madeBy": stored.made_by,
        "madeAt": stored.made_at,
        "changedAt": stored.changed_at,
        "loreEntries": book_size(stored.card),
        "picture": stored.pictured,
    }


def _row(stored: StoredCharacter) -> tuple[str, ...]:
    server = say("shared") if stored.guild_id is None else str(stored.guild_id)
    lore, picture = str(book_size(stored.card)), say("yes") if stored.pictured else say("no")
    return str(stored.id), plain(stored.card.name), server, str(stored.revision), lore, picture


def _tell_result(result: Result) -> None:
    if result.error is None:
        out(say("{file}: {name}, number {id}", file=result.file, name=result.name, id=result.id))
        _tell(result.notes)
        return
    err(say("{file} was not imported: {why}", file=result.file, why=plain(str(result.error))))
    err(f"  {result.error.hint}")


def _tell(notes: tuple[str, ...] | list[str]) -> None:
    for note in notes:
        err(say("Note: {note}", note=plain(note)))


def _excerpt(text: str) -> str:
    line = " ".join(plain(text).split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}…"
