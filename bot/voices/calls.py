"""The REST calls of a webhook. discord.py's own send one text up to five times."""

from collections.abc import Sequence
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.errors import WebhookGone
from roleplay.phrases import say
from roleplay.voices import Voice, Webhook, webhook_name

SUPPRESS_EMBEDS = discord.MessageFlags(suppress_embeds=True).value

HOOKS = "/channels/{channel_id}/webhooks"
EXECUTE = "/webhooks/{webhook_id}/{webhook_token}"
MESSAGE = EXECUTE + "/messages/{message_id}"


class WebhookCalls:
    """Each is made once; `thread_id` is the thread below the webhook's channel, if any.

    Raises:
        discord.HTTPException: what Discord refuses.
        WebhookGone: it has no token any more; nothing was called.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def execute(
        self, webhook: Webhook, voice: Voice, text: str, thread_id: int | None, **extras: Any
    ) -> int:
        """Say it; the message's id. `extras`: `view`, `embeds`, `suppress_embeds`."""
        body = _body(text, extras) | {"username": webhook_name(voice.name)}
        if voice.avatar:
            body["avatar_url"] = voice.avatar
        route = _route("POST", EXECUTE, webhook)
        params = _params(thread_id, body) | {"wait": "true"}
        answer = await self._request(route, json=body, params=params, middlewares=(once,))
        return int(answer["id"])

    async def edit(
        self,
        webhook: Webhook,
        message_id: int,
        text: str | None,
        thread_id: int | None,
        **extras: Any,
    ) -> None:
        """`text` None: it stays as it is."""
        body = _body(text, extras)
        route = _route("PATCH", MESSAGE, webhook, message_id)
        await self._request(route, json=body, params=_params(thread_id, body))

    async def delete(self, webhook: Webhook, message_id: int, thread_id: int | None) -> None:
        route = _route("DELETE", MESSAGE, webhook, message_id)
        await self._request(route, params=_params(thread_id, {}))

    async def of_channel(self, channel_id: int) -> Sequence[dict[str, Any]]:
        """The channel's webhooks as Discord lists them."""
        return await self._request(Route("GET", HOOKS, channel_id=channel_id))

    async def create(self, channel_id: int, name: str) -> dict[str, Any]:
        route = Route("POST", HOOKS, channel_id=channel_id)
        return await self._request(route, json={"name": name})

    async def _request(self, route: Route, **options: Any) -> Any:
        return await self._client.http.request(route, **options)


async def once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep discord.py from trying again where Discord may have taken the text already."""
    response = await handler(request)
    if response.status >= 500:
        raise discord.DiscordServerError(response, await response.text())
    return response


def _route(method: str, path: str, webhook: Webhook, message_id: int = 0) -> Route:
    if webhook.token is None:
        raise WebhookGone(say("The webhook was deleted."))
    token = webhook.token.get_secret_value()
    return Route(method, path, webhook_id=webhook.id, webhook_token=token, message_id=message_id)


def _params(thread_id: int | None, body: dict[str, Any]) -> dict[str, str]:
    params = {"thread_id": str(thread_id)} if thread_id else {}
    return params | ({"with_components": "true"} if "components" in body else {})


def _body(text: str | None, extras: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"allowed_mentions": {"parse": []}}
    if text is not None:
        body["content"] = text
    if "view" in extras:
        view: discord.ui.View | None = extras["view"]
        body["components"] = view.to_components() if view else []
    if "embeds" in extras:
        body["embeds"] = [embed.to_dict() for embed in extras["embeds"]]
    if extras.get("suppress_embeds"):
        body["flags"] = SUPPRESS_EMBEDS
    return body
