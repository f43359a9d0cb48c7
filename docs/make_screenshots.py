"""Play short scenes in the playground's page and keep pictures of them in docs/images.

Needs the extra `dev` and a Chromium: python docs/make_screenshots.py --chromium /usr/bin/chromium
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

IMAGES = Path(__file__).with_name("images")

HEARTH = (
    ("Ada", "Good evening! Is there a free table by the fire?"),
    ("Bram", "I have walked all day through the snow. What is cooking tonight?"),
    ("Ada", "Tell us about the dragon of the north!"),
)

HARBOUR = (
    ("Ada", "Isolde, is the Grey Heron ready to sail?"),
    ("Bram", "Pip, what did you see at the lighthouse?"),
)

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

QUIET_SECONDS = 3.0
"""A page that did not change for so long shows a whole reply."""

GROWING_SECONDS = 4.0
"""The last reply is caught while it is written."""

Picture = Callable[[Page], Awaitable[None]]


async def growing(page: Page) -> None:
    """One character, three people's lines, the last reply in the middle of its words."""
    await talk(page, HEARTH)
    await asyncio.sleep(GROWING_SECONDS)


async def two_characters(page: Page) -> None:
    await enter(page, "the-harbour")
    await talk(page, HARBOUR)
    await quiet(page)


async def prompt(page: Page) -> None:
    await page.set_viewport_size({"width": 1200, "height": 1160})
    await enter(page, "the-harbour")
    await talk(page, HARBOUR[-1:])
    await command(page, "prompt")


async def gallery(page: Page) -> None:
    await enter(page, "back-room")
    await command(page, "character list")


async def status(page: Page) -> None:
    await enter(page, "back-room")
    await talk(page, (("Ada", "One more song!"),))
    await command(page, "status")


async def outage(page: Page) -> None:
    """The profile that speaks here is down, and another one answers for it."""
    await talk(page, HEARTH[:1])
    await enter(page, "notice-board")
    await page.get_by_text("is down").first.wait_for()


PICTURES: dict[str, Picture] = {
    "playground": growing,
    "two-characters": two_characters,
    "prompt": prompt,
    "characters": gallery,
    "status": status,
    "outage": outage,
}

AILING: dict[str, Any] = {
    "defaultProfile": "workstation",
    "profiles": {
        "workstation": {
            "type": "llamacpp",
            "baseURL": "http://127.0.0.1:9/v1",
            "fallbackProfiles": ["small"],
        },
        "small": {"type": "embedded", "sampler": {"max_completion_tokens": 60}},
    },
    "health": {"interval": 2, "confirm": 1, "jitter": 0},
    "chat": {"character": {"name": "Rowan", "prompt": "You are {{char}}, who keeps a tavern."}},
}
"""The config of those pictures that show an outage: nothing listens at that port."""


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", metavar="FILE", help="else the one playwright installed")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(PICTURES)}; else all of them")
    args = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=args.chromium, args=SWITCHES)
        for name in args.names or PICTURES:
            page = await browser.new_page(viewport={"width": 1200, "height": 760})
            await take(page, name)
            await page.close()
        await browser.close()


async def take(page: Page, name: str) -> None:
    """Each picture in a playground of its own."""
    scene = PICTURES[name]
    async with playground(AILING if scene in (outage, status) else None) as url:
        await page.goto(url)
        await page.locator("#channel-composer-input").wait_for(state="visible")
        await scene(page)
        await page.screenshot(path=IMAGES / f"{name}.png")


@asynccontextmanager
async def playground(config: dict[str, Any] | None) -> AsyncGenerator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        options = ("--config", file.name) if config else ()
        async with started("playground", "--no-browser", *options) as url:
            yield url


@asynccontextmanager
async def started(*arguments: str) -> AsyncGenerator[str]:
    """RoleForge, and the address that it prints first."""
    command = (sys.executable, "-m", "bot", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    if process.stdout is None:
        raise RuntimeError("started without a pipe")
    try:
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def talk(page: Page, lines: tuple[tuple[str, str], ...]) -> None:
    for person, text in lines:
        await quiet(page)
        await page.select_option("#viewer-picker", label=person)
        await quiet(page)
        await page.fill("#channel-composer-input", text)
        await page.click("#send-message")


async def enter(page: Page, channel: str) -> None:
    await quiet(page)
    await page.click(f'[data-channel]:text-is("{channel}")')
    await quiet(page)


async def command(page: Page, name: str) -> None:
    """Ada uses a slash command."""
    await quiet(page)
    await page.select_option("#viewer-picker", label="Ada")
    await quiet(page)
    await page.fill("#channel-composer-input", f"/{name}")
    await asyncio.sleep(1)
    await page.press("#channel-composer-input", "Enter")
    await asyncio.sleep(1)
    await page.click("#send-message")
    await quiet(page)


async def quiet(page: Page) -> None:
    before = ""
    while (shown := await page.inner_text("#channel-layout")) != before:
        before = shown
        await asyncio.sleep(QUIET_SECONDS)


if __name__ == "__main__":
    asyncio.run(main())
