"""What people and a character say to a transcript, in as few words as tests want."""

from roleplay.chat import ChatReply, Usage
from roleplay.transcript import IncomingMessage, Part, Transcript, Turn

CHANNEL = 7


def message(
    discord_id: int, text: str = "hello", *, channel_id: int = CHANNEL, author_id: int = 3
) -> IncomingMessage:
    return IncomingMessage(
        discord_id=discord_id,
        channel_id=channel_id,
        guild_id=5,
        author_id=author_id,
        author_name="Ada",
        text=text,
        created_at=float(discord_id),
    )


def reply(text: str) -> ChatReply:
    return ChatReply(text, "stop", "main", "tiny", usage=Usage(10, 5))


async def asked(transcript: Transcript, discord_id: int, text: str = "hello") -> Turn:
    turn = await transcript.accept(message(discord_id, text), wants_reply=True)
    assert turn
    return turn


async def answered(transcript: Transcript, discord_id: int, *parts: str) -> Turn:
    """A whole turn; the reply's parts have the ids `discord_id` + 1, + 2 ..."""
    turn = await asked(transcript, discord_id)
    assert await transcript.start(turn.id)
    said = [Part(discord_id + 1 + place, text) for place, text in enumerate(parts)]
    await transcript.finish(turn.id, reply("\n".join(parts)), said, by="Nova")
    done = await transcript.turn(turn.id)
    assert done
    return done


async def texts(transcript: Transcript, before_turn: int | None = None) -> list[str]:
    found = await transcript.recent(CHANNEL, 100, before_turn=before_turn)
    return [each.text for each in found]
