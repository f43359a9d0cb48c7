"""Convert chats of SillyTavern, and move them in and out of the database.

FILE is a .jsonl of SillyTavern, ID the Discord channel or thread of a scene. Exit codes: 0 done, 65
a file is no chat, 75 import while the bot runs.
"""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.characters.names import CharacterNames
from bot.terminal import Exit, add_config, add_json, open_config, out, out_json, out_table, plain
from roleplay.chats.chat import Chat
from roleplay.chats.formats import Look, every, write_file
from roleplay.chats.read import read_chat
from roleplay.errors import ChatError
from roleplay.phrases import say
from roleplay.scenes.store import StoredScene
from storage.checkup import stored_scenes
from storage.open import open_stores

HELP = "list, convert, import and export scenes"


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    export = _action(actions, "export", _export, say("write a chat as another kind of file"))
    export.add_argument("source", metavar="FILE|ID")
    export.add_argument("--out", type=Path, metavar="OUT", help=say("else standard output"))
    export.add_argument("--to", choices=list(every()), default="jsonl", metavar="FORMAT")
    export.add_argument(
        "--hidden", action="store_true", help=say("with what the model does not see")
    )
    bring = _action(actions, "import", _import, say("put a chat before a channel's history"))
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--channel", type=int, required=True, metavar="ID")
    bring.add_argument("--guild", type=int, required=True, metavar="ID")
    bring.add_argument("--title", default="")
    _action(actions, "list", _list, say("list all scenes"))


async def run(args: argparse.Namespace) -> int:
    """Exit code 0 or 65; see the module."""
    action: Callable[[argparse.Namespace], Awaitable[int]] = args.action
    try:
        return await action(args)
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise ChatError(say("{file}: {why}.", file=exc.filename, why=why)) from exc


def _action(actions: Any, name: str, action: object, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
    parser.set_defaults(action=action)
    add_config(parser)
    add_json(parser)
    return parser


async def _export(args: argparse.Namespace) -> int:
    chat, faces = await _chat(args)
    data = write_file(chat, args.to, Look(faces, args.hidden))
    if args.out:
        args.out.write_bytes(data)
    if args.json:
        told = {"ok": True, "format": args.to, "messages": len(chat.lines), "names": chat.names}
        shown = {"file": str(args.out)} if args.out else {"text": data.decode()}
        out_json(told | shown)
    elif args.out:
        out(say("{file} is written: {count} messages.", file=args.out, count=len(chat.lines)))
    else:
        out(plain(data.decode()), end="")
    return Exit.OK


async def _chat(args: argparse.Namespace) -> tuple[Chat, Mapping[str, bytes]]:
    """With the pictures of those who speak in it; a file has none."""
    if not args.source.isdecimal():
        return _read(Path(args.source)), {}
    async with stored_scenes(open_config(args).data_folder) as kept:
        chat = await kept.chat(int(args.source)) if kept else Chat(())
        faces = await kept.faces(int(args.source)) if kept else {}
    if not chat.lines:
        raise ChatError(
            say("Nothing is kept of the channel {id}.", id=args.source),
            hint=say("roleforge scene list shows the scenes."),
        )
    return chat, faces


def _read(file: Path) -> Chat:
    return read_chat(file.read_bytes(), file.name)


async def _import(args: argparse.Namespace) -> int:
    """Offline: the bot must not be running in the same data folder."""
    chat = _read(args.file)
    title = args.title or chat.character or args.file.stem
    scene = StoredScene(args.channel, args.guild, title, header=chat.header)
    async with open_stores(open_config(args).data_folder) as stores:
        voices = await CharacterNames(stores.characters).known(chat.characters, args.guild)
        ids = {name: each.id for name, each in voices.items()}
        count = await stores.scenes.bring(scene, chat, ids)
    if args.json:
        out_json({"ok": True, "channel": args.channel, "messages": count, "names": chat.names})
    else:
        out(say("{count} messages are kept before channel {id}.", count=count, id=args.channel))
    return Exit.OK


async def _list(args: argparse.Namespace) -> int:
    async with stored_scenes(open_config(args).data_folder) as kept:
        scenes = await kept.listed() if kept else []
    if args.json:
        keys = ("channel_id", "guild_id", "title", "state", "started_by", "started_at")
        out_json({"scenes": [{key: getattr(one, key) for key in keys} for one in scenes]})
    else:
        columns = (say("Channel"), say("Server"), say("Title"), say("State"))
        out_table(
            columns,
            [
                (str(one.channel_id), str(one.guild_id), plain(one.title), one.state)
                for one in scenes
            ],
        )
    return Exit.OK
