"""`config.json` to a frozen `Config`, or every fault in it at once, each with its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import JsonValue

from bot.config import checks, env, jsonc
from bot.config.findings import MOST, Finding
from bot.config.models import Config
from bot.config.servers import addresses
from bot.config.substitution import Resolver
from bot.config.templates import read_presets
from bot.config.validate import validate
from bot.redaction import redact
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say
from roleplay.templates.template import Template

MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """A config that holds. `sources`: every file it came from, the config itself first.

    `written` has the profiles as the file has them, variables not filled in; `environ` is what the
    variables were looked up in.
    """

    config: Config
    warnings: tuple[Problem, ...]
    sources: tuple[Path, ...]
    written: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue], repr=False)
    environ: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def data_folder(self) -> Path:
        """Where the database goes; a relative `storage.folder` starts at the config file."""
        return self.sources[0].parent / Path(self.config.storage.folder).expanduser()

    @property
    def files(self) -> tuple[Path, ...]:
        """What to watch for changes: the sources, and `.env`, which may be made later."""
        return tuple(dict.fromkeys((*self.sources, self.sources[0].parent / ".env")))

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret value, for `bot.redaction`."""
        return frozenset(_secrets(self.config))

    def variables(self) -> env.Variables:
        """For a look-up now: `.env` is read again."""
        variables = env.Variables(self.environ, self.sources[0].parent)
        variables.read_dotenv()
        return variables


def load(path: Path, environ: Mapping[str, str]) -> Loaded:
    """Read, resolve and check a config file. Reads no environment but the one given.

    Raises:
        ConfigError: with all problems found, in the file's order.
    """
    document = jsonc.read(_read(path), str(path))
    variables = env.Variables(environ, path.parent)
    variables.read_dotenv()
    resolver = Resolver(variables)
    data = resolver.resolve(document.value)
    known = addresses()
    faults = list(islice(checks.faults(data, known), MOST))
    presets = read_presets(checks.profile_tables(data), path.parent)
    config, mistakes = validate(data, resolver.whole)
    wrong = [*mistakes, *faults, *presets.findings]
    findings = [*resolver.findings, *_beside(resolver.findings, wrong)]
    if findings or document.duplicates or config is None:
        problems = [*document.duplicates, *map(document.problem, findings)]
        raise config_error(problems, variables.problems)
    notes = map(document.problem, checks.warnings(config, known))
    return Loaded(
        _with_presets(_with_default(config), presets.templates),
        (*variables.problems, *notes),
        (path, *variables.files, *presets.files),
        written=_written(document.value),
        environ=environ,
    )


def config_error(problems: Iterable[Problem], notes: Iterable[Problem] = ()) -> ConfigError:
    """The problems in the file's order, then the notes; nothing in them looks like a key."""
    ordered = sorted(problems, key=lambda problem: (problem.line, problem.column))
    shown = [
        Problem(fault.file, fault.line, fault.column, redact(fault.key), redact(fault.message))
        for fault in [*ordered, *notes]
    ]
    return ConfigError(shown, hint=say("docs/configuration.md explains every key."))


def _written(top: JsonValue) -> dict[str, JsonValue]:
    profiles = top.get("profiles") if isinstance(top, dict) else None
    return profiles if isinstance(profiles, dict) else {}


def _beside(known: Iterable[Finding], more: Iterable[Finding]) -> list[Finding]:
    """What is not just an effect of a variable that is missing."""
    places = {finding.path for finding in known}
    return [finding for finding in more if finding.path not in places]


def _with_default(config: Config) -> Config:
    name = config.default_profile or next(iter(config.profiles))
    return config.model_copy(update={"default_profile": name})


def _with_presets(config: Config, templates: Mapping[str, Template]) -> Config:
    profiles = {
        name: profile.model_copy(update={"preset": templates.get(name)})
        for name, profile in config.profiles.items()
    }
    return config.model_copy(update={"profiles": profiles})


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise _unreadable(path, say("The file is larger than 1 MiB."))
        return data.decode("utf-8-sig")
    except FileNotFoundError as exc:
        hint = say("Copy config.example.json to config.json, or name a file with --config.")
        raise _unreadable(path, say("There is no such file."), hint) from exc
    except UnicodeDecodeError as exc:
        raise _unreadable(path, say("The file is not UTF-8 text. Save it as UTF-8.")) from exc
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise _unreadable(path, say("The file cannot be read: {why}.", why=why)) from exc


def _unreadable(path: Path, message: str, hint: str = "") -> ConfigError:
    return ConfigError([Problem(str(path), 0, 0, "", message)], hint=hint)


def _secrets(config: Config) -> Iterator[str]:
    profiles = config.profiles.values()
    found = [
        config.discord.token,
        config.health.webhook,
        *(profile.api_key for profile in profiles),
    ]
    found += [value for profile in profiles for value in profile.extra_headers.values()]
    for secret in found:
        if secret:
            yield secret.get_secret_value()
