"""Outage notices as a whole: who writes them, who delivers them, and to whom."""

from collections.abc import Callable, Collection, Sequence

import discord
from pydantic import SecretStr

from backends.webhook import Webhook
from bot.config.health import HealthSection
from bot.letters import WEBHOOK, Courier, Letter, NotTaken, Place
from bot.notice_board import NoticeBoard
from bot.notice_round import NoticeRound
from bot.notice_scribe import Facts, Meanwhile, Scribe
from bot.notice_webhook import WebhookCourier
from bot.notices import SETTLE, Notices
from roleplay.affected import Routes
from roleplay.bindings import Bindings
from roleplay.health import HealthStore
from roleplay.phrases import say
from roleplay.ports import Clock


class Telling:
    """`health` may be set anew, `owners` are those of now; `facts` is asked when it is there."""

    def __init__(
        self,
        health: HealthSection,
        owners: Callable[[], Collection[int]],
        client: discord.Client,
        *,
        store: HealthStore,
        bindings: Bindings,
        meanwhile: Meanwhile,
        board: NoticeBoard,
        facts: Callable[[], Facts],
        routes: Callable[[], Routes],
        clock: Clock,
        settle: float = SETTLE,
    ) -> None:
        self.health = health
        self._configured_owners = owners
        self._client = client
        self._board = board
        self._clock = clock
        self._hook: tuple[SecretStr, Webhook] | None = None
        self._webhook = WebhookCourier(self._current_hook)
        scribe = Scribe(
            store,
            bindings,
            meanwhile,
            facts=facts,
            parents=board.parents,
            routes=routes,
            clock=clock,
        )
        round_ = NoticeRound(
            store,
            scribe,
            clock,
            discord=board,
            webhook=self._webhook,
            reminder=lambda: self.health.reminder,
            parents=board.parents,
        )
        self.notices = Notices(
            store, bindings, round_, clock, elsewhere=self.elsewhere, settle=settle
        )

    async def elsewhere(self) -> Sequence[Place]:
        """The places beside the servers' own channels: the owners and the webhook."""
        owners = self._owners() if self.health.owner_dm else ()
        places = [Place(-owner) for owner in owners]
        return [*places, Place(WEBHOOK)] if self.health.webhook else places

    async def try_out(self, place: Place, letter: Letter, nonce: str) -> str:
        """Post a trial; "" when it was taken, else why not."""
        if place.channel_id:
            self._board.allow(place.channel_id)
        courier: Courier = self._webhook if place.id == WEBHOOK else self._board
        try:
            await courier.post(place, letter, nonce)
        except NotTaken as exc:
            return str(exc) or say("It was not taken.")
        return ""

    def _owners(self) -> Collection[int]:
        """Those of the config, else the application's own."""
        if configured := self._configured_owners():
            return configured
        application = self._client.application
        if application is None:
            return ()
        return (application.team.owner_id or 0,) if application.team else (application.owner.id,)

    def _current_hook(self) -> Webhook | None:
        url = self.health.webhook
        if url is None:
            return None
        if self._hook is None or self._hook[0] != url:
            self._hook = (url, Webhook(url.get_secret_value(), self._clock))
        return self._hook[1]
