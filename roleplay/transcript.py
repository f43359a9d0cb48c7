"""What was said in a channel, and the turns that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from roleplay.chat import ChatReply, Role


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message a person wrote, as plain values. `created_at` is seconds since 1970.

    `replies_to` is the Discord message that it visibly answers, `addressed_character_id` the
    character that spoke there. `proxied`: a bot such as PluralKit repeated it under another name.
    """

    discord_id: int
    channel_id: int
    guild_id: int | None
    author_id: int
    author_name: str
    text: str
    created_at: float
    parent_channel_id: int | None = None
    mentions_bot: bool = False
    replies_to_bot: bool = False
    replies_to: int | None = None
    addressed_character_id: int | None = None
    proxied: bool = False


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of the history. `id` is our own; `counts` maps a tokenizer's id to its tokens.

    `character_id` is who said a reply, 0: the config's character. `hidden`: not for the model.
    """

    id: int
    channel_id: int
    role: Role
    author_id: int
    author_name: str
    text: str
    created_at: float
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    character_id: int = 0
    hidden: bool = False


TurnState = Literal["accepted", "running", "done", "failed", "interrupted"]
"""accepted: durable, no work yet. running: a reply is on its way. done: reply stored. failed: every
profile failed. interrupted: the process ended or a person stopped it; what was shown stands."""


TurnKind = Literal["reply", "greeting"]
"""reply: a model writes it. greeting: it stands on the character's card."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer owed to a channel, by one character.

    `trigger_discord_id` is the message or the interaction that asks for it, `requested_by` whose
    that is (0: nobody's in particular). `posted` are the Discord ids of the reply's messages so
    far; `error_code` and `error_detail` say why the last try failed, for the admin. `character_id`
    0 is the config's character, None: not decided yet. With `continues` the reply's active text is
    gone on with. `choice` is which greeting is shown first, from 0. `place` counts the turns of a
    round: those that answer the same message, one character after the other. `hint` is what
    somebody wants the speaker to do.
    """

    id: int
    channel_id: int
    guild_id: int | None
    state: TurnState
    created_at: float
    trigger_discord_id: int
    posted: tuple[int, ...] = ()
    error_code: str = ""
    error_detail: str = ""
    kind: TurnKind = "reply"
    character_id: int | None = None
    requested_by: int = 0
    continues: bool = False
    choice: int = 0
    place: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """A turn beside the one that a message waits in; the fields are those of `Turn`.

    For another character's answer to the same message, or for an interaction: its id is Discord's,
    so it has its place in the order of messages.
    """

    channel_id: int
    guild_id: int | None
    trigger_discord_id: int
    created_at: float
    kind: TurnKind = "reply"
    character_id: int | None = None
    requested_by: int = 0
    choice: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StoredReply:
    """What the bot said in a turn: variant `number` (from 0) of `count`, and its text.

    `is_last`: nothing that the model sees was said after it.
    """

    message_id: int
    turn_id: int
    channel_id: int
    kind: TurnKind
    character_id: int
    author_name: str
    text: str
    number: int
    count: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One Discord message of a reply that was split at Discord's limit."""

    discord_id: int
    text: str


class Transcript(Protocol):
    """The durable log of every bound channel. Each method is one transaction.

    Raises:
        StorageError: from any method, when the database cannot do it.
    """

    async def accept(
        self, message: IncomingMessage, *, wants_reply: bool, out_of_character: bool = False
    ) -> Turn | None:
        """Store a message once (by its Discord id); with `wants_reply` return the turn it waits in.

        A channel has at most one new `accepted` turn: later messages join it, and its trigger
        becomes the newest. A turn that was queued or reopened takes no new messages: it answers
        what it answered before. None: no reply wanted, or the message was stored before. What is
        `out_of_character` is hidden from the model.
        """
        ...

    async def queue(self, request: TurnRequest) -> Turn:
        """An `accepted` turn that takes no messages; it runs after those that wait already."""
        ...

    async def assign(self, turn_id: int, character_id: int) -> None:
        """Decide who speaks in a turn."""
        ...

    async def start(self, turn_id: int) -> Turn | None:
        """From `accepted` to `running`; None when it is in any other state."""
        ...

    async def posted(self, turn_id: int, discord_id: int) -> None:
        """Remember a Discord message of the reply while it is being written."""
        ...

    async def finish(
        self,
        turn_id: int,
        reply: ChatReply,
        parts: Sequence[Part],
        by: str,
        *,
        character_id: int = 0,
    ) -> int:
        """Store the reply spoken by the character `by` and close the turn, both or neither.

        When the turn already has a reply the new text becomes its newest variant, or, where the
        turn `continues`, takes the place of its active one. Returns the message's id.
        """
        ...

    async def greet(
        self,
        turn_id: int,
        texts: Sequence[str],
        parts: Sequence[Part],
        by: str,
        *,
        character_id: int = 0,
    ) -> int:
        """The same for a greeting: `texts` are its variants, the turn's `choice` the active one."""
        ...

    async def fail(
        self, turn_id: int, state: Literal["failed", "interrupted"], code: str, detail: str
    ) -> None:
        """End an `accepted` or `running` turn without a reply; an ended one stays as it is."""
        ...

    async def reopen(self, turn_id: int, *, continues: bool = False) -> Turn | None:
        """Make an ended turn `accepted` again; None when it is not there or has not ended.

        With `continues` it goes on with the text it has.

        A turn from before the channel's last reset is not there any more.

        The reply it has, if any, stays its variant and its `posted` messages are kept, so that the
        new reply is edited into them.
        """
        ...

    async def knows(self, discord_ids: Sequence[int]) -> set[int]:
        """Those of the Discord messages that are stored here, as a person's or a reply's part."""
        ...

    async def turn(self, turn_id: int) -> Turn | None: ...

    async def last_turn(self, channel_id: int) -> Turn | None: ...

    async def turn_of(self, discord_id: int) -> Turn | None:
        """The turn whose reply this message is part of, or that a person's message asked for."""
        ...

    async def asked_by(self, turn_id: int) -> list[int]:
        """Discord ids of the people's messages that a turn answers, oldest first."""
        ...

    async def reply(self, turn_id: int) -> StoredReply | None:
        """None: it has none, or a reset left it out."""
        ...

    async def last_reply(self, channel_id: int) -> StoredReply | None:
        """The channel's newest since the last reset that is part of a turn."""
        ...

    async def variant(self, turn_id: int, number: int) -> str | None:
        """The text of one of a reply's variants."""
        ...

    async def choose(self, turn_id: int, number: int, parts: Sequence[Part]) -> bool:
        """Make another variant the active one, which stands in Discord as `parts`."""
        ...

    async def drop_variant(self, turn_id: int, parts: Sequence[Part]) -> bool:
        """Delete the active variant; the one before it is shown as `parts`, of the first the next.

        False: it is the only one, which goes with the reply itself (`delete`).
        """
        ...

    async def last_reasoning(self, channel_id: int) -> str:
        """What the model thought before the channel's newest reply; "" where that is not known."""
        ...

    async def unfinished(self) -> list[Turn]:
        """Turns that are `accepted` or `running`: after a start these were cut off."""
        ...

    async def recent(
        self, channel_id: int, limit: int, *, before_turn: int | None = None
    ) -> list[StoredMessage]:
        """The newest messages since the last reset that are not hidden, oldest first.

        People's messages stand in Discord's own order, that of their ids; a reply stands right
        after its trigger, whenever it was finished; replies to the same trigger in the order they
        were first said. With `before_turn` that turn's own reply (a variant about to be replaced)
        is left out, and so is all that came after it or after its trigger.
        """
        ...

    async def newest(self, channel_id: int) -> int | None:
        """Up to which Discord id the channel's messages are known; None when none are."""
        ...

    async def edit(self, discord_id: int, text: str, *, out_of_character: bool = False) -> bool:
        """A person or an admin edited a message in Discord; False when it is not ours to know."""
        ...

    async def hide(self, discord_id: int, *, hidden: bool) -> bool:
        """Hide a message, or the reply it is part of, from the model, or show it again.

        False when it is not known.
        """
        ...

    async def is_hidden(self, discord_id: int) -> bool | None:
        """None when it is not known."""
        ...

    async def branch(self, discord_id: int, into: int, limit: int) -> int:
        """Copy the history up to a message, or to the reply it is part of, into a new channel.

        At most the newest `limit` messages; returns how many. A person's words are deleted there
        when their original is.
        """
        ...

    async def stand_in(
        self, original_id: int, message: IncomingMessage, *, out_of_character: bool = False
    ) -> bool:
        """Put a message in the place of one that it repeats; False when that is not known.

        The turn and the reply of the original become its own. The author stays.
        """
        ...

    async def delete(self, discord_ids: Sequence[int]) -> int:
        """Messages were deleted in Discord; returns how many of them were known.

        A reply of several Discord messages loses that part of its text, and goes with its last.
        A waiting turn whose trigger goes is triggered by the newest message it has left; with none
        left it ends as `interrupted` with the code "deleted".
        """
        ...

    async def reset(self, channel_id: int, at: float) -> int:
        """Begin the channel's history anew; returns how many messages are now left out.

        Waiting turns end as `interrupted` with the code "reset"; the reply of a running one will be
        left out with the rest. `at` is seconds since 1970.
        """
        ...

    async def save_counts(self, tokenizer: str, counts: Mapping[int, int]) -> None:
        """Remember tokens by message id. An edit forgets them."""
        ...
