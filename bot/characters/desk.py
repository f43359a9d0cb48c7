"""What the commands do with characters. Knows nothing of interactions."""

import asyncio
from dataclasses import replace

from bot.characters import text
from bot.characters.files import file_name, left_out, opened, with_avatar, written
from roleplay.characters.contents import Contents
from roleplay.characters.fields import card_of, edited
from roleplay.characters.store import Characters, StoredCharacter
from roleplay.errors import CardError
from roleplay.phrases import say


class CharacterDesk:
    """Each method raises `CardError` or `StorageError`, and then nothing has changed."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters

    async def bring(
        self, data: bytes, file: str, guild_id: int | None, by: int | None, *, name: str = ""
    ) -> str:
        """Keep the character of a file, under another `name` where one is given."""
        found = await opened(data, file)
        contents = found.contents
        if name:
            contents = replace(contents, card=edited(contents.card, name=name))
        stored = await self._characters.add(contents, guild_id, by=by, avatar=found.avatar)
        done = say(
            "**{name}** is imported ({form}; {summary}).",
            name=stored.card.name,
            form=found.form,
            summary=text.summary(stored.card),
        )
        use = say("Let it speak with /channel character.")
        return "\n".join(filter(None, (done, text.notes(contents.notes), use)))

    async def bring_anew(self, data: bytes, file: str, stored: StoredCharacter) -> str:
        """Put a file's character in another's place: it keeps its channels."""
        found = await opened(data, file)
        new = await self._characters.replace(stored.id, found.contents, avatar=found.avatar)
        done = say(
            "**{name}** is replaced ({form}; {summary}).",
            name=new.card.name,
            form=found.form,
            summary=text.summary(new.card),
        )
        return "\n".join(filter(None, (done, text.notes(found.contents.notes))))

    async def make(
        self, fields: dict[str, str], guild_id: int | None, by: int, picture: bytes | None = None
    ) -> str:
        made = await with_avatar(Contents(card_of(fields), picture))
        stored = await self._characters.add(made.contents, guild_id, by=by, avatar=made.avatar)
        done = say(
            "**{name}** is made. Let it speak with /channel character.", name=stored.card.name
        )
        return "\n".join(filter(None, (done, text.notes(made.contents.notes))))

    async def change(
        self, stored: StoredCharacter, fields: dict[str, str], picture: bytes | None = None
    ) -> str:
        """The card as it is now, with these texts, and with another picture where one is given."""
        card = await asyncio.to_thread(edited, stored.card, **fields)
        done = say("**{name}** is changed.", name=card.name)
        if picture is None:
            await self._characters.save(stored.id, card)
            return done
        before = await self._characters.contents(stored)
        made = await with_avatar(replace(before, card=card, picture=picture))
        await self._characters.replace(stored.id, made.contents, avatar=made.avatar)
        return "\n".join(filter(None, (done, text.notes(made.contents.notes))))

    async def take_out(self, stored: StoredCharacter, form: str) -> tuple[str, bytes, str]:
        """A file's name, what it holds, and what to tell about it."""
        contents = await self._characters.contents(stored)
        told = "\n".join(left_out(contents, form))
        return file_name(stored.card.name, form), await written(contents, form), told

    async def share(self, stored: StoredCharacter) -> str:
        new = await self._characters.share(stored.id)
        return say(
            "Every server can use **{name}** now, and only you change it.", name=new.card.name
        )

    async def remove(self, stored: StoredCharacter) -> str:
        """Raises `CardError` too where it has come to belong to others since it was looked at."""
        now = await self._characters.character(stored.id, stored.guild_id)
        if now is None or now.guild_id != stored.guild_id:
            raise CardError(say("This character was removed or shared in the meantime."))
        await self._characters.remove(stored.id)
        return say(
            "**{name}** is removed. Channels that it was in alone are played by the config's "
            "character.",
            name=stored.card.name,
        )
