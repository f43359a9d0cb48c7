"""The page's files: simcord's own, with RoleForge's name, colours and list of channels added."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web
from simcord import ChannelHandle
from simcord.preview._server import PreviewServer

STATIC = Path(__file__).with_name("static")

OURS = {
    str(STATIC / "playground.css"): "text/css",
    str(STATIC / "playground.js"): "application/javascript",
    str(STATIC / "playground.svg"): "image/svg+xml",
}

HEAD = (
    '<link rel="icon" href="/playground.svg"><link rel="stylesheet" href="/playground.css">'
    '<script src="/playground.js"></script></head>'
)
BRAND = "<strong>RoleForge</strong><small>Playground</small>"
STAGE = '<div id="preview-stage"'


class PlaygroundServer(PreviewServer):
    """simcord's server of the page, with three files more and a changed index."""

    _STATIC_FILES: ClassVar[dict[str, str]] = {
        **PreviewServer._STATIC_FILES,  # noqa: SLF001  # a class's own table, extended
        **{f"/{Path(file).name}": file for file in OURS},
    }
    _STATIC_CONTENT_TYPES: ClassVar[dict[str, str]] = {
        **PreviewServer._STATIC_CONTENT_TYPES,  # noqa: SLF001  # same
        **OURS,
    }

    def __init__(
        self, preview: Any, guild: str, channels: Sequence[ChannelHandle], port: int
    ) -> None:
        super().__init__(preview, port)
        self._sidebar = _sidebar(guild, channels)

    async def _index(self, request: Any) -> web.Response:
        page = await super()._index(request)
        text = (page.text or "").replace("</head>", HEAD, 1)
        text = text.replace("<title>SimCord Preview</title>", "<title>RoleForge Playground</title>")
        text = text.replace("<strong>SimCord</strong><small>Preview</small>", BRAND, 1)
        text = text.replace(">Viewing as", ">Speak as", 1)
        text = text.replace(STAGE, self._sidebar + STAGE, 1)
        return web.Response(text=text, content_type="text/html", headers=self._SECURITY_HEADERS)


def _sidebar(guild: str, channels: Sequence[ChannelHandle]) -> str:
    rows = "".join(
        f'<li><button type="button" data-channel="{channel.id}">{html.escape(channel.name or "")}'
        "</button></li>"
        for channel in channels
    )
    return (
        '<nav id="playground-channels" aria-label="Channels">'
        f"<h1>{html.escape(guild)}</h1><ul>{rows}</ul></nav>"
    )
