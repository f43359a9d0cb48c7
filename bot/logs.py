"""Logging to standard error, for people or as JSON lines, with every secret taken out.

`ROLEFORGE_LOG` is `text` or `json`; `ROLEFORGE_LOG_LEVEL` is debug, info, warning or error.
"""

import json
import logging
import sys
import time
from collections.abc import Collection, Mapping

from bot.redaction import redact

PINNED = {
    "discord.client": logging.ERROR,
    "discord.http": logging.INFO,
    "discord.webhook": logging.INFO,
    "aiosqlite": logging.WARNING,
    "httpx": logging.WARNING,
    "apscheduler": logging.WARNING,
}
"""Never more talkative than this. discord.client warns at every start that voice is not installed,
discord.http and discord.webhook log tokens, aiosqlite all that is stored, what people said too; the
others log every request and every run."""

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def setup(
    environ: Mapping[str, str], secrets: Collection[str] = (), *, level: str = "warning"
) -> None:
    """Send every logger's records through one handler. May be called again with more secrets."""
    chosen = LEVELS.get(environ.get("ROLEFORGE_LOG_LEVEL", level).lower(), LEVELS[level])
    kind = JsonLines if environ.get("ROLEFORGE_LOG", "text").lower() == "json" else Lines
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(kind(secrets))
    logging.basicConfig(level=chosen, handlers=[handler], force=True)
    for name, least in PINNED.items():
        logging.getLogger(name).setLevel(max(chosen, least))


def hide(secrets: Collection[str]) -> None:
    """Take these out too from now on."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Lines | JsonLines):
            handler.formatter.secrets |= frozenset(secrets)


class Lines(logging.Formatter):
    """`2026-01-31 12:00:00Z INFO bot.app: text`, then the traceback if there is one."""

    converter = time.gmtime

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self.secrets = frozenset(secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """One record stays on one line, whatever text of others it quotes."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record), self.secrets)


class JsonLines(logging.Formatter):
    """One object a line: `at`, `level`, `logger`, `message`, and `error` with the traceback."""

    converter = time.gmtime

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%SZ")
        self.secrets = frozenset(secrets)

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "at": self.formatTime(record, self.datefmt),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        clean = {key: redact(value, self.secrets) for key, value in fields.items()}
        return json.dumps(clean, ensure_ascii=False)
