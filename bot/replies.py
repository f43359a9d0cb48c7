"""The one writer of characters' speech: a reply grows in Discord while the model writes it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from itertools import zip_longest
from typing import Literal

import discord

from bot.draft import Draft
from bot.errors import DiscordError, MessageGone, WebhookGone
from bot.pacing import Priority
from bot.sending import Sender
from bot.split import Piece, split
from bot.swipe_buttons import ReplyButtons
from roleplay.chat import ChatReply, StreamEvent
from roleplay.conversation import Spoken
from roleplay.errors import BackendError, EmptyReply
from roleplay.phrases import say
from roleplay.transcript import Part
from roleplay.voices import Voice

log = logging.getLogger(__name__)

TYPING_SECONDS = 8.0
"""Discord shows typing for 10 s; where nothing new was shown for so long it is shown again."""

HEADING_ROOM = 90
"""Code points kept free for the character's name, where the bot must speak for it."""


Buttons = discord.ui.View | Literal["old"] | None
"""Below a page: these, some of an earlier reply, or none."""


class Page:
    """One Discord message of the reply. `shown` is what stands there, None: something old."""

    def __init__(self, message_id: int, shown: str | None = None, buttons: Buttons = None) -> None:
        self.id = message_id
        self.shown = shown
        self.buttons: Buttons = buttons

    def show(self, text: str) -> None:
        self.shown = text


class ReplyWriter:
    """Writes one turn's reply; made anew for each.

    It begins at the first visible text and edits every `edit_interval` seconds. `posted` is told
    each new message's id before anything else happens. `existing` are the messages of an earlier
    reply to write into, `reply_to` a message to answer visibly, `voice` whose words they are. What
    was `begun` stands in them already and is gone on with. `buttons` go below it, with the texts
    where these are sent anyhow.
    """

    def __init__(
        self,
        sender: Sender,
        channel_id: int,
        *,
        posted: Callable[[int], Awaitable[None]],
        edit_interval: float,
        existing: Sequence[int] = (),
        reply_to: int | None = None,
        begun: str = "",
        voice: Voice | None = None,
        buttons: ReplyButtons | None = None,
    ) -> None:
        self._sender = sender
        self._channel_id = channel_id
        self._posted = posted
        self._edit_interval = edit_interval
        self._reply_to = reply_to
        self._voice = voice
        self._buttons = buttons
        self._row: discord.ui.View | None = None
        self._spare = HEADING_ROOM if voice else 0
        self._pages = _pages(existing, begun, self._spare)
        self._draft = Draft(begun)
        self._note = ""
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._trouble: DiscordError | None = None

    async def write(self, events: AsyncIterator[StreamEvent]) -> Spoken:
        """Write the reply to its end. Text that has come stays, and is marked where it was cut.

        Raises:
            BackendError: no text came. Nothing was posted or changed.
            DiscordError: Discord refuses. What was shown stands; `events` is closed.
        """
        reader = asyncio.create_task(self._read(events))
        reader.add_done_callback(lambda _: self._stop())
        try:
            await self._grow()
            if self._trouble:
                raise self._trouble
            reply = self._ended(reader)
            self._row = self._buttons.ended(reply) if self._buttons else None
            pieces = await self._show(Priority.FINAL)
            await self._remove_rest(len(pieces))
        finally:
            self._sender.withdraw(self._channel_id, [page.id for page in self._pages])
            await _end(reader)
        self._offer_buttons()
        parts = zip(self._pages, pieces, strict=True)
        return Spoken(tuple(Part(page.id, piece.text) for page, piece in parts), reply)

    async def _read(self, events: AsyncIterator[StreamEvent]) -> None:
        async for event in events:
            self._draft.add(event)
            if self._draft.is_visible:
                self._news.set()

    def _stop(self) -> None:
        self._over.set()
        self._news.set()

    def _fail(self, error: DiscordError) -> None:
        """An offered call found that nothing can be said here any more."""
        self._trouble = self._trouble or error
        self._stop()

    async def _grow(self) -> None:
        self._sender.offer_typing(self._channel_id, failed=self._fail)
        while not self._over.is_set():
            if not await _happens(self._news, TYPING_SECONDS):
                self._sender.offer_typing(self._channel_id, failed=self._fail)
            elif not self._over.is_set():
                self._news.clear()
                await self._show(Priority.FIRST)
                await _happens(self._over, self._edit_interval)

    def _ended(self, reader: asyncio.Task[None]) -> ChatReply:
        """The whole reply; where it was cut after its first words, what came and a note."""
        error = reader.exception()
        if error and not (isinstance(error, BackendError) and self._draft.is_visible):
            raise error
        if not self._draft.is_visible:
            raise EmptyReply(say("The model answered without any text."))
        reply = self._draft.reply("cut" if error else None)
        if error:
            log.warning("Channel %d: reply cut off: %s", self._channel_id, error)
            self._note = say("-# … cut off: the connection to the model broke.")
        elif reply.finish_reason == "filtered":
            self._note = say("-# … cut off: the model's provider filtered the rest.")
        return reply

    async def _show(self, priority: Priority) -> Sequence[Piece]:
        """Bring what is shown up to the draft; the last page of a growing one by offer only."""
        pieces = split(self._draft.text, note=self._note, spare=self._spare)
        index = 0
        while index < len(pieces):
            grows = priority is Priority.FIRST and index == len(pieces) - 1
            index += await self._show_page(index, pieces[index].shown, priority, grows=grows)
        return pieces

    async def _show_page(self, index: int, text: str, priority: Priority, *, grows: bool) -> bool:
        """False where the page to write on was gone; the next one has taken its place."""
        if index == len(self._pages):
            await self._new_page(index, priority)
            return True
        page = self._pages[index]
        if page.shown == text:
            return True
        if grows and page.shown is not None:
            self._offer(page, index)
            return True
        return await self._rewrite(page, index, priority)

    async def _new_page(self, index: int, priority: Priority) -> None:
        view = self._view(index, None, priority)
        new = await self._sender.post(
            self._channel_id,
            lambda: self._newest(index),
            priority=priority,
            reply_to=self._reply_to if index == 0 else None,
            suppress_embeds=True,
            voice=self._voice,
            **_given(view),
        )
        self._pages.append(Page(new.id, new.text, view))
        await self._posted(new.id)

    def _offer(self, page: Page, index: int) -> None:
        self._sender.offer_edit(
            self._channel_id,
            page.id,
            lambda: self._newest(index),
            shown=page.show,
            failed=partial(self._not_shown, page),
        )

    async def _rewrite(self, page: Page, index: int, priority: Priority) -> bool:
        view = self._view(index, page.buttons, priority)
        try:
            shown = await self._sender.edit(
                self._channel_id,
                page.id,
                lambda: self._newest(index),
                priority=priority,
                **_given(view, page.buttons),
            )
        except MessageGone:
            if page.shown is not None:
                raise
            self._pages.remove(page)
            return False
        except WebhookGone:
            await self._abandon(page)
            return False
        page.show(shown)
        page.buttons = view
        return True

    def _view(self, index: int, present: Buttons, priority: Priority) -> Buttons:
        """What belongs below a page: Stop while the reply grows, the row once it is over."""
        if self._buttons is None:
            return present
        if priority is not Priority.FINAL:
            return self._buttons.growing if index == 0 else present
        pieces = split(self._draft.text, note=self._note, spare=self._spare)
        return self._row if index == len(pieces) - 1 else None

    def _offer_buttons(self) -> None:
        """For pages whose text was final before the reply was over."""
        for index, page in enumerate(self._pages):
            view = self._view(index, page.buttons, Priority.FINAL)
            if view is not page.buttons and view != "old":
                self._sender.offer_view(self._channel_id, page.id, view)

    def _newest(self, index: int) -> str:
        """What page `index` should show by now: a call that waited goes out with the newest."""
        pieces = split(self._draft.text, note=self._note, spare=self._spare)
        return pieces[min(index, len(pieces) - 1)].shown

    def _not_shown(self, page: Page, error: DiscordError) -> None:
        """Of an edit on offer. A page that lost its webhook is written anew by the next edit."""
        if isinstance(error, WebhookGone):
            page.shown = None
            self._news.set()
        else:
            self._fail(error)

    async def _abandon(self, page: Page) -> None:
        """Nobody can change it any more; with Manage Messages the bot can remove it."""
        self._pages.remove(page)
        await self._remove(page)

    async def _remove_rest(self, kept: int) -> None:
        """Delete the messages that an earlier, longer reply has left."""
        while len(self._pages) > kept:
            await self._remove(self._pages.pop())

    async def _remove(self, page: Page) -> None:
        try:
            await self._sender.delete(self._channel_id, page.id)
        except DiscordError as error:
            log.warning("Message %d of an older reply stays: %s", page.id, error)


def _pages(existing: Sequence[int], begun: str, spare: int) -> list[Page]:
    """Those that are full already need no edit."""
    shown = [piece.shown for piece in split(begun, spare=spare)][:-1]
    if len(shown) != len(existing) - 1:
        shown = []
    pages = [Page(at, text) for at, text in zip_longest(existing, shown)]
    for page in (*pages[:1], *pages[-1:]):  # where Stop was, and the row
        page.buttons = "old"
    return pages


def _given(view: Buttons, present: Buttons = None) -> dict[str, discord.ui.View | None]:
    """What is sent along, nothing where it is there already."""
    return {} if view is present or view == "old" else {"view": view}


async def _end(reader: asyncio.Task[None]) -> None:
    """Close the stream; an error that it ended with has been told, or an earlier one has."""
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
