"""What a prompt costs before anyone is asked: history read, lorebook scanned, built and fitted.

Usage: `python benchmarks/prompt_build.py [--json] [--entries 2000] [--turns 200]`
"""

import argparse
import asyncio
import json
import random
import time
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from rig import prefill, quantile, scratch

from backends.meter import Meter
from bot.clock import SystemClock
from roleplay.bindings import Effective
from roleplay.budget import fit
from roleplay.characters.card import Card
from roleplay.lorebooks.book import Lorebook, LoreEntry, Position
from roleplay.lorebooks.compiled import Library
from roleplay.lorebooks.scan import scan
from roleplay.lorebooks.settings import LoreSettings
from roleplay.prompting.assembler import HISTORY_LIMIT, Assembler
from roleplay.prompting.ingredients import Facts, Ingredients
from roleplay.prompting.instructions import Instructions
from roleplay.prompting.scanning import surroundings
from roleplay.prompting.settings import SettingsContributor
from roleplay.prompting.values import Values
from roleplay.scene import Character, Scene
from roleplay.tokens import Ratios, estimate, weigh
from storage.open import Stores, open_stores

AGES = (400, 10_000, 100_000)
CHANNEL, GUILD = 7, 5
WINDOW, REPLY = 32_768, 400
WARM_UP = 5

WORDS = ("harbour", "lantern", "rain", "market", "tower", "river", "captain", "letter")


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds, median and 95th percentile. `prompt` is scan and build together."""

    stored: int
    entries: int
    read: float
    read_p95: float
    scan: float
    scan_p95: float
    build: float
    build_p95: float
    prompt: float
    prompt_p95: float
    fit: float
    fit_p95: float


def book(entries: int) -> Lorebook:
    """Two keys each, most of them words that nobody says; every fortieth entry fires."""
    return Lorebook("bench", tuple(_entry(number) for number in range(entries)))


def _entry(number: int) -> LoreEntry:
    said = number % 40 == 0
    key = WORDS[number % len(WORDS)] if said else f"{WORDS[number % len(WORDS)]}{number}"
    text = f"Entry {number}: {{{{char}}}} knows the {key}. " + "It is old and much is told of it. "
    position = Position.AT_DEPTH if number % 3 == 0 else Position.BEFORE_CHARACTER
    keys = (key, f"secret of {number}")
    return LoreEntry(number, keys=keys, content=text * 2, position=position)


class Stopwatch:
    """Seconds by name, one for each turn."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def add(self, name: str, seconds: float) -> None:
        self.times.setdefault(name, []).append(seconds)

    def figure(self, name: str, share: float) -> float:
        return round(quantile(self.times[name][WARM_UP:], share) * 1000, 3)


class Scanning:
    """A contributor that tells how long it took."""

    def __init__(self, lorebook: Lorebook, watch: Stopwatch) -> None:
        self._book = lorebook
        self._watch = watch
        self._library = Library()

    async def __call__(self, here: Ingredients) -> Ingredients:
        began = time.perf_counter()
        found = scan(
            [(self._book, "global")],
            surroundings(here),
            LoreSettings(),
            {},
            window=here.facts.window,
            roll=here.rng,
            count=lambda text: estimate(weigh(text), Ratios()),
            expand=Values(here).expand,
            library=self._library,
        )
        self._watch.add("scan", time.perf_counter() - began)
        return replace(here, lore=found)


def scene() -> Scene:
    card = Card(
        "Mira",
        description="{{char}} keeps the harbour and talks with {{user}}. " * 20,
        personality="patient",
        mes_example="<START>\n{{user}}: Hello?\n{{char}}: Mind the rope.\n" * 5,
    )
    return Scene(CHANNEL, Character(1, card), Effective("main", "config"), "all", ())


async def turn(stores: Stores, assembler: Assembler, meter: Meter, watch: Stopwatch) -> None:
    times = [time.perf_counter()]
    history = await stores.transcript.recent(CHANNEL, HISTORY_LIMIT)
    times.append(time.perf_counter())
    assembled = await assembler.assemble(scene(), history, None)
    times.append(time.perf_counter())
    fit(assembled.prompt, WINDOW, REPLY, meter.count)
    times.append(time.perf_counter())
    watch.add("read", times[1] - times[0])
    watch.add("prompt", times[2] - times[1])
    watch.add("build", times[2] - times[1] - watch.times["scan"][-1])
    watch.add("fit", times[3] - times[2])


async def measure(folder: Path, stored: int, entries: int, turns: int) -> Figures:
    await prefill(folder, [CHANNEL], GUILD, stored)
    watch, remembered = Stopwatch(), lru_cache(8192)(weigh)
    async with open_stores(folder) as stores:
        assembler = Assembler(
            [SettingsContributor(stores.prompts, Instructions), Scanning(book(entries), watch)],
            clock=SystemClock(),
            rng=random.Random(1),
            facts=lambda _: Facts("model", WINDOW, REPLY),
        )
        for _ in range(WARM_UP + turns):
            await turn(stores, assembler, Meter("", remembered), watch)
    named = {
        f"{name}{end}": watch.figure(name, share)
        for name in ("read", "scan", "build", "prompt", "fit")
        for end, share in (("", 0.5), ("_p95", 0.95))
    }
    return Figures(stored, entries, **named)


def show(found: list[Figures]) -> None:
    print("milliseconds, median / p95; a 32K window, a history of 400 messages")
    print(f"{'stored':>8} {'entries':>8}  {'read':>14} {'scan':>14} {'build':>14} {'fit':>14}")
    for one in found:
        pairs = [
            f"{getattr(one, name):.2f} / {getattr(one, name + '_p95'):.2f}"
            for name in ("read", "scan", "build", "fit")
        ]
        print(f"{one.stored:>8} {one.entries:>8}  " + " ".join(f"{pair:>14}" for pair in pairs))
        print(f"{'':>17}  scan and build together: {one.prompt:.2f} / {one.prompt_p95:.2f}")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--entries", type=int, default=2000, help="of the lorebook")
    parser.add_argument("--turns", type=int, default=200, help="measured at each age")
    options = parser.parse_args()
    found: list[Figures] = []
    for stored in AGES:
        async with scratch() as folder:
            found.append(await measure(folder, stored, options.entries, options.turns))
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        show(found)


if __name__ == "__main__":
    asyncio.run(main())
