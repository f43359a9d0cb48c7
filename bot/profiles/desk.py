"""What the owner does with profiles, and what is answered. Knows nothing of commands."""

from collections.abc import Awaitable, Callable

from backends.pool import Pool
from bot.profiles.fields import Body, Fields, body_of
from bot.reloading.reloader import Reloader
from roleplay.bindings import Bindings, Mover
from roleplay.errors import ConfigError
from roleplay.phrases import say
from roleplay.ports import ProbeResult
from roleplay.presets.preset import Preset
from roleplay.profile_use import ProfileUse, profile_use

MOST_PROBLEMS = 10


class ProfileDesk:
    """`trial` asks a profile for one short reply and tells it as text."""

    def __init__(
        self,
        reloader: Reloader,
        bindings: Bindings,
        mover: Mover,
        pool: Pool,
        trial: Callable[[str], Awaitable[str]],
    ) -> None:
        self._reloader = reloader
        self._bindings = bindings
        self._mover = mover
        self._pool = pool
        self._trial = trial

    def added(self) -> list[str]:
        """Names of the profiles that were added here, also those that are left out."""
        return sorted(self._reloader.added)

    def taken(self, name: str) -> str | None:
        """Why a new profile cannot have this name."""
        if name in self._reloader.config.profiles or name in self._reloader.added:
            return say("There is a profile “{name}” already.", name=name)
        return None

    def fixed(self, name: str) -> str | None:
        """Why this profile cannot be changed or removed here."""
        if name in self._reloader.config.profiles:
            return say(
                "“{name}” is in config.json: change it there. /profiles copy makes one that can be "
                "changed here.",
                name=name,
            )
        if name not in self._reloader.added:
            return say("No profile “{name}” was added here.", name=name)
        return None

    def body(self, name: str) -> Body | None:
        """As it was written, here or in the config file; None: there is none."""
        written = self._reloader.loaded.written.get(name)
        return written if isinstance(written, dict) else self._reloader.added.get(name)

    async def save(self, name: str, kind: str | None, fields: Fields, by: int) -> str:
        """Store the profile, use it from now on, and try it.

        Raises:
            RoleForgeError: it does not hold; nothing has changed.
        """
        body = body_of(fields)
        if kind:
            body = {"type": kind, **{key: value for key, value in body.items() if key != "type"}}
        return await self._save(name, body, by)

    async def choose_model(self, name: str, model: str, by: int) -> str:
        """Give a profile that was added here another model, and try it.

        Raises:
            RoleForgeError: it does not hold; nothing has changed.
        """
        return await self._save(name, {**(self.body(name) or {}), "model": model}, by)

    async def take_sampler(self, name: str, preset: Preset, by: int) -> str:
        """Lay a preset's sampler over that of a profile that was added here, and try it.

        Raises:
            RoleForgeError: it does not hold; nothing has changed.
        """
        body = self.body(name) or {}
        before = body.get("sampler")
        kept = before if isinstance(before, dict) else {}
        return await self._save(name, {**body, "sampler": {**kept, **preset.sampler}}, by)

    def models(self, name: str) -> tuple[str, ...]:
        """The names its server listed when it was last up."""
        found = self._pool.known(name) if name in self._pool.profiles else None
        return found.models if found else ()

    async def _save(self, name: str, body: Body, by: int) -> str:
        await self._reloader.save(name, body, by)
        saved = say("“{name}” is saved and can be used now.", name=name)
        probe = probed(await self._pool.probe(name))
        return "\n".join([saved, probe, await self._trial(name)])

    async def use(self, name: str) -> ProfileUse:
        return profile_use(
            name,
            await self._bindings.channels(),
            await self._bindings.guilds(),
            self._pool.profiles,
            self._reloader.config.default_profile,
        )

    async def remove(self, name: str) -> str:
        """Remove it; who chose it has chosen nothing then.

        Raises:
            RoleForgeError: it is still there.
        """
        await self._reloader.remove(name)
        moved = await self._mover.move(name, None)
        return say(
            "“{name}” is removed. Channels that fall back to their server's profile: {channels}. "
            "Servers that fall back to the config's: {servers}.",
            name=name,
            channels=len(moved.channels),
            servers=len(moved.guilds),
        )

    async def reload(self) -> str:
        """Read config.json again; what that changed, or all that is wrong."""
        try:
            changes = await self._reloader.reload()
        except ConfigError as error:
            return faults(error)
        return "\n".join(changes.lines) or say("Nothing has changed.")


def probed(found: ProbeResult) -> str:
    """Without the hint, which the trial that follows gives."""
    if found.state == "up":
        return say("The server is up ({ms} ms).", ms=max(round(found.seconds * 1000), 1))
    return say("The server is {state}: {detail}", state=found.state, detail=found.detail)


def faults(error: ConfigError) -> str:
    """For the owner: every place, as a terminal would show it."""
    shown = [str(problem).replace("`", "'") for problem in error.problems[:MOST_PROBLEMS]]
    rest = len(error.problems) - len(shown)
    more = [say("… and {count} more", count=rest)] if rest else []
    text = "\n".join([*shown, *more])[:1800]
    return say("config.json does not hold, so nothing has changed:") + f"\n```\n{text}\n```"
