"""What replies took and cost, as managers read it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import discord

from roleplay.phrases import count, say
from roleplay.usage import Spent

MOST_ROWS = 10
"""Per list; ten rows of the longest names fit one field of an embed."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def usage_embed(title: str, total: Spent, lists: Sequence[tuple[str, list[str]]]) -> discord.Embed:
    """`lists` are headings with the lines under them."""
    embed = discord.Embed(title=title, description="\n".join([amounts(total), *notes(total)]))
    for heading, lines in lists:
        embed.add_field(name=heading, value=_fitting(lines), inline=False)
    return embed


def rows(found: Sequence[Spent], name: Callable[[Spent], str]) -> list[str]:
    return [f"{name(one)} · {amounts(one)}" for one in found]


def amounts(spent: Spent) -> str:
    """Replies, tokens and cost on one line."""
    about = "~" if spent.estimated else ""
    tokens = count(
        spent.replies,
        "{count} reply · {about}{prompt} tokens in, {about}{completion} out",
        "{count} replies · {about}{prompt} tokens in, {about}{completion} out",
        about=about,
        prompt=short(spent.prompt_tokens),
        completion=short(spent.completion_tokens),
    )
    if spent.unpriced == spent.replies:
        return tokens
    return say("{tokens} · cost {about}{cost}", tokens=tokens, about=about, cost=money(spent.cost))


def notes(total: Spent) -> list[str]:
    found: list[str] = []
    if total.cached_tokens:
        cached = short(total.cached_tokens)
        found.append(say("-# {tokens} of the tokens in came from a cache.", tokens=cached))
    if total.estimated:
        one = "-# ~ of {count} reply the server did not count the tokens."
        more = "-# ~ of {count} replies the server did not count the tokens."
        found.append(count(total.estimated, one, more))
    if total.unpriced:
        one = "-# {count} reply is of a profile without a `price`."
        more = "-# {count} replies are of profiles without a `price`."
        found.append(count(total.unpriced, one, more))
    return found


def short(tokens: int) -> str:
    """At most four figures: 950, 12.3K, 4.56M."""
    if tokens < 1000:
        return str(tokens)
    if tokens < 999_500:
        return f"{tokens / 1000:.3g}K"
    return f"{tokens / 1_000_000:.3g}M" if tokens < 999_500_000 else f"{tokens / 1e6:,.0f}M"


def money(cost: float) -> str:
    """Without a currency: prices are in whichever one the owner writes them."""
    return f"{cost:,.2f}" if cost >= 1 or not cost else f"{cost:.4f}"


def day(days: int) -> str:
    """Days since 1970 as a date."""
    return (EPOCH + timedelta(days=days)).date().isoformat()


def _fitting(lines: Sequence[str]) -> str:
    more = len(lines) - MOST_ROWS
    rest = [say("… and {count} more", count=more)] if more > 0 else []
    return "\n".join([*lines[:MOST_ROWS], *rest]) or say("Nothing yet.")
