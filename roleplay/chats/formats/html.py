"""One page that looks like the chat, needs no other file, and runs nothing."""

import base64
import html
import re
from collections.abc import Mapping, Sequence

from roleplay.chats.chat import Chat, ChatLine
from roleplay.chats.formats import Look
from roleplay.chats.shown import moment, shown_lines, title_of
from roleplay.phrases import say

SUFFIX = ".html"

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""Even markup that slipped through could load and run nothing."""

STYLE = """
:root { color-scheme: dark }
* { box-sizing: border-box }
body { margin: 0; background: #1e1f22; color: #dbdee1;
  font: 16px/1.45 "gg sans", "Noto Sans", "Helvetica Neue", Arial, sans-serif }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
h1 { margin: 0 0 1.25rem; font-size: 1.25rem; color: #f2f3f5 }
article { display: grid; grid-template-columns: 2.5rem 1fr; gap: 0 1rem; padding: .35rem 0;
  margin-top: .85rem }
article.hidden { opacity: .5 }
.face { width: 2.5rem; height: 2.5rem; border-radius: 50%; background-size: cover;
  display: grid; place-items: center; color: #fff; font-weight: 600 }
header b { color: #f2f3f5; font-weight: 600 }
header small { color: #949ba4; margin-left: .4rem; font-size: .75rem }
header .tag { background: #5865f2; color: #fff; border-radius: .2rem; padding: 0 .3rem }
.text { overflow-wrap: anywhere; white-space: pre-wrap }
.text em { color: #b5bac1 }
code { background: #2b2d31; border-radius: .2rem; padding: .05rem .25rem }
"""

COLOURS = ("#5865f2", "#3ba55d", "#c27c0e", "#a84300", "#ad1457", "#206694", "#71368a", "#11806a")

STYLES = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\*)\*(?=[^\s*])([^*]+?)(?<=\S)\*(?!\*)"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_]+?)(?<=\S)_(?![\w_])"), r"<em>\1</em>"),
)

KINDS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


def write(chat: Chat, look: Look) -> str:
    title = html.escape(title_of(chat))
    pictures = _pictures(chat.names, look.avatars)
    faces = {name: _face(name, pictures) for name in chat.names}
    style = STYLE + "".join(pictures.values())
    lines = shown_lines(chat, hidden=look.hidden)
    body = "\n".join(_article(line, faces[line.name]) for line in lines)
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n"
        f"<body><main>\n<h1>{title}</h1>\n{body}\n</main></body>\n</html>\n"
    )


def _article(line: ChatLine, face: str) -> str:
    tag = "" if line.is_user else f'<small class="tag">{html.escape(say("APP"))}</small>'
    head = f"<b>{html.escape(line.name)}</b>{tag}<small>{moment(line)}</small>"
    kind = ' class="hidden"' if line.hidden else ""
    return (
        f"<article{kind}>{face}<div><header>{head}</header>"
        f'<div class="text">{_text(line.text)}</div></div></article>'
    )


def _text(text: str) -> str:
    shown = html.escape(text)
    for pattern, styled in STYLES:
        shown = pattern.sub(styled, shown)
    return shown


def _pictures(names: Sequence[str], avatars: Mapping[str, bytes]) -> dict[str, str]:
    """A style rule by name, for those that have a picture: it is in the page only once."""
    rules: dict[str, str] = {}
    for name in names:
        picture = avatars.get(name, b"")
        kind = next((kind for begin, kind in KINDS if picture.startswith(begin)), "")
        if kind:
            address = f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
            rules[name] = f'.f{len(rules)} {{ background-image: url("{address}") }}\n'
    return rules


def _face(name: str, pictures: Mapping[str, str]) -> str:
    if name in pictures:
        return f'<div class="face f{list(pictures).index(name)}"></div>'
    colour = COLOURS[sum(map(ord, name)) % len(COLOURS)]
    letter = html.escape(name[:1].upper() or "?")
    return f'<div class="face" style="background:{colour}">{letter}</div>'
