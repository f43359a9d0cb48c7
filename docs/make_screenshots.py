"""Play a short scene in the playground's page and keep a picture of it.

Needs the extra `dev` and a Chromium: python docs/make_screenshots.py --chromium /usr/bin/chromium
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, async_playwright

PICTURE = Path(__file__).with_name("images") / "playground.png"

SCENE = (
    ("Ada", "Good evening! Is there a free table by the fire?"),
    ("Bram", "I have walked all day through the snow. What is cooking tonight?"),
    ("Ada", "Tell us about the dragon of the north!"),
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


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", metavar="FILE", help="else the one playwright installed")
    args = parser.parse_args()
    async with playground() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=args.chromium, args=SWITCHES)
        page = await browser.new_page(viewport={"width": 1200, "height": 760})
        await page.goto(url)
        await play(page)
        PICTURE.parent.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURE)
        await browser.close()


@asynccontextmanager
async def playground() -> AsyncGenerator[str]:
    command = (sys.executable, "-m", "bot", "playground", "--no-browser")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    if process.stdout is None:
        raise RuntimeError("started without a pipe")
    try:
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def play(page: Page) -> None:
    composer = page.locator("#channel-composer-input")
    await composer.wait_for(state="visible")
    for person, text in SCENE:
        await quiet(page)
        await page.select_option("#viewer-picker", label=person)
        await quiet(page)
        await composer.fill(text)
        await page.click("#send-message")
    await asyncio.sleep(GROWING_SECONDS)


async def quiet(page: Page) -> None:
    before = ""
    while (shown := await page.inner_text("#channel-layout")) != before:
        before = shown
        await asyncio.sleep(QUIET_SECONDS)


if __name__ == "__main__":
    asyncio.run(main())
