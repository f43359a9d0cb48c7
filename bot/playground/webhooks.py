"""What simcord's webhooks lack beside Discord's: threads, buttons, whose they are, and pictures.

A bot's own webhook may put buttons on its messages, and speaks in the threads of its channel.
"""

import base64
from collections.abc import Callable
from typing import Any

from simcord.backend import serializers
from simcord.http import router
from simcord.http.routes import application, interactions

EMOJI_ADDRESS = "https://cdn.discordapp.com/emojis/{id}.png"

APPLICATIONS: dict[int, int] = {}
"""The application of a webhook that is not the bot's own."""

Handler = Callable[[Any], Any]

routes: Any = interactions
table: Any = router
"""Names inside simcord that it does not offer."""

INSTALLED = "_roleforge"


def install() -> None:
    """Put this in the place of simcord's own, once for all pretend Discords of the process."""
    if hasattr(serializers, INSTALLED):
        return
    setattr(serializers, INSTALLED, True)
    payload = serializers.message_payload

    def message_payload(backend: Any, message: Any, *args: Any, **more: Any) -> Any:
        data: Any = payload(backend, message, *args, **more)
        if message.webhook_id is not None:
            owner = APPLICATIONS.get(message.webhook_id, backend.application_id)
            data["application_id"] = str(owner)
        return data

    serializers.message_payload = message_payload
    _replace("POST", routes.execute_webhook, _execute)
    _replace("PATCH", routes.edit_followup, _edit)
    _replace("DELETE", routes.delete_followup, _delete)
    _replace("POST", application.create_application_emoji, _emoji)


def pictures(env: Any) -> dict[str, tuple[str, bytes]]:
    """What hangs as emoji, by its address: the page shows webhooks' avatars from such a table."""
    begin = EMOJI_ADDRESS.partition("{")[0]
    blobs: dict[str, bytes] = env.backend.cdn._blobs  # noqa: SLF001  # nor this
    return {
        address: ("avatar.webp", data)
        for address, data in blobs.items()
        if address.startswith(begin)
    }


def _replace(method: str, old: Handler, new: Callable[[Handler, Any], Any]) -> None:
    def handle(ctx: Any) -> Any:
        return new(old, ctx)

    handlers = table._ROUTES[method]  # noqa: SLF001  # see `table`
    handlers[:] = [(path, handle if each is old else each) for path, each in handlers]


def _is_interaction(ctx: Any) -> bool:
    return ctx.args["token"] in ctx.backend.interaction_tokens


def _webhook(ctx: Any) -> Any:
    return routes._incoming_webhook(ctx)  # noqa: SLF001  # see `routes`


def _message(ctx: Any) -> Any:
    webhook = _webhook(ctx)
    channel_id = int(ctx.params.get("thread_id") or webhook.channel_id)
    message = ctx.backend.get_message(channel_id, ctx.int_arg("message_id"))
    if message.webhook_id != webhook.id:
        raise routes.errors.unknown_message()
    return message


def _execute(old: Handler, ctx: Any) -> Any:
    if _is_interaction(ctx):
        return old(ctx)
    webhook = _webhook(ctx)
    message = routes.bot_message(
        ctx,
        int(ctx.params.get("thread_id") or webhook.channel_id),
        author_id=webhook.webhook_user_id,
        webhook_id=webhook.id,
        body=dict(ctx.body()),
        webhook_execute=True,
    )
    return routes.message_response(ctx, message, exempt_root=True)


def _edit(old: Handler, ctx: Any) -> Any:
    if _is_interaction(ctx):
        return old(ctx)
    message = _message(ctx)
    changes = routes.message_edit_changes(ctx, message, body=dict(ctx.body()))
    changed = ctx.backend.edit_message(message.channel_id, message.id, changes)
    return routes.message_response(ctx, changed, exempt_root=True)


def _delete(old: Handler, ctx: Any) -> Any:
    if _is_interaction(ctx):
        return old(ctx)
    message = _message(ctx)
    return ctx.backend.delete_message(message.channel_id, message.id)


def _emoji(old: Handler, ctx: Any) -> Any:
    """Keep the picture, where simcord forgets it."""
    made = old(ctx)
    picture = str(ctx.body().get("image", "")).partition(",")[2]
    address = EMOJI_ADDRESS.format(id=made["id"])
    ctx.backend.cdn._blobs[address] = base64.b64decode(picture)  # noqa: SLF001  # nor this
    return made
