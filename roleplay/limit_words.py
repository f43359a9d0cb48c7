"""Limits in words: as managers list them, and as people meet them."""

import math

from roleplay.budgets import Charge, Limit, Refusal
from roleplay.durations import UNITS
from roleplay.errors import BudgetReached
from roleplay.phrases import say


def amount_of(limit: Limit) -> str:
    """20 messages in 1m."""
    what = {"messages": say("messages"), "tokens": say("tokens"), "money": say("of the currency")}
    return say(
        "{amount} {what} in {window}",
        amount=f"{limit.amount:,.10g}",
        what=what[limit.what],
        window=span(limit.seconds),
    )


def span(seconds: float) -> str:
    """The largest unit that measures it whole, as people type it."""
    whole = round(seconds)
    unit = next(u for u in ("d", "h", "m", "s") if whole % UNITS[u] == 0)
    return f"{whole // UNITS[unit]}{unit}"


def payer_of(limit: Limit) -> str:
    """Whom it binds."""
    target = limit.target
    match limit.scope:
        case "user":
            return f"<@{target}>" if target else say("each person")
        case "channel":
            return f"<#{target}>" if target else say("each channel")
        case "server":
            return say("the server")
        case "profile":
            return f"`{target}`" if target else say("each profile")


def origin_of(limit: Limit) -> str:
    if limit.guild_id is None:
        return say("config.json")
    return say("this server") if limit.guild_id else say("the bot's owner")


def reached(refusal: Refusal, charge: Charge) -> BudgetReached:
    """The error of a reply that has no room."""
    limit = refusal.limit
    payers = {
        "user": f"<@{charge.user_id}>",
        "channel": say("this channel"),
        "server": say("this server"),
        "profile": say("the profile `{name}`", name=charge.profile),
    }
    if math.isinf(refusal.free_at):
        text = say(
            "This reply would take more than {who} may use at all: {limit}.",
            who=payers[limit.scope],
            limit=amount_of(limit),
        )
    else:
        text = say(
            "The limit of {who} is reached: {limit}. What was written is kept, but not answered; "
            "there is room again <t:{at}:R>.",
            who=payers[limit.scope],
            limit=amount_of(limit),
            at=math.ceil(refusal.free_at),
        )
    return BudgetReached(
        text,
        hint=say("`/limits show` lists all limits; managers raise one with `/limits set`."),
        profile=charge.profile,
    )
