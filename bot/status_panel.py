"""`/status` as one panel of components: profiles, a picture of the day, and what else there is."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot import status_text
from bot.status_text import Row
from roleplay.phrases import say

LONGEST = 3900
"""Characters of all texts of a panel together: Discord takes 4,000."""

PICTURE = "last-day.png"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What Discord is sent. `picture` is a PNG.

    `words` is all that is said, `states` each profile's state alone: to tell changes by.
    """

    view: discord.ui.LayoutView
    picture: bytes | None
    words: str
    states: tuple[str, ...]

    def files(self) -> list[discord.File]:
        """Made anew for each message: a file can be sent once."""
        return [discord.File(io.BytesIO(self.picture), PICTURE)] if self.picture else []


def panel(
    rows: Sequence[Row], sections: Sequence[Section], *, details: bool, picture: bytes | None = None
) -> Panel:
    """`details` are for managers."""
    below = [f"### {section.heading}\n{section.text}" for section in sections if section.text]
    room = LONGEST - sum(map(len, below))
    above = (
        say("## Language models") + "\n" + status_text.profiles(rows, details=details, room=room)
    )
    box = discord.ui.Container[discord.ui.LayoutView](accent_colour=status_text.colour(rows))
    box.add_item(discord.ui.TextDisplay(above))
    if picture:
        gallery = discord.ui.MediaGallery[discord.ui.LayoutView]()
        gallery.add_item(media=f"attachment://{PICTURE}", description=say("The last 24 hours"))
        box.add_item(gallery)
    for text in below:
        box.add_item(discord.ui.Separator())
        box.add_item(discord.ui.TextDisplay(text))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(box)
    view.stop()
    states = tuple(f"{row.state.profile} {row.state.status}" for row in rows)
    return Panel(view, picture, "\n".join([above, *below]), states)
