"""A prompt template as data: what stands around the messages when a prompt is one text."""

from dataclasses import dataclass

FILLER = "[Start a new chat]"
"""What the first user says in a format that must begin with a user, where a greeting comes first.

The same words as in SillyTavern.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What stands directly before and after the text of one message."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Template:
    """The grammar of one model family's prompts.

    `reply` begins the turn that the model writes. `system` is a system message as a turn of its
    own; None: it becomes part of the next user turn. `opening` is the system text at the very
    beginning where that is written in another way; `opening_inside` puts it into the first user
    turn, `default_system` stands there when there is none. `alternate`: neighbours of one role are
    merged and a user comes first, `filler` where nobody spoke yet. `trim`: white space around each
    text goes. `bos` begins every prompt; servers add it themselves, so it is never sent. `stops`
    are the marks that end the model's turn, the surest first.

    The rest is for SillyTavern's presets. `first_user` and `first_assistant` replace the turn of
    the first message, `last_user` that of the last user message. `names`: the character's text
    begins with its name. `macros`: `{{name}}`, `{{char}}` and `{{user}}` are filled in.
    """

    name: str
    user: Turn
    assistant: Turn
    reply: str
    stops: tuple[str, ...]
    system: Turn | None = None
    opening: Turn | None = None
    opening_inside: bool = False
    default_system: str = ""
    alternate: bool = False
    filler: str = ""
    trim: bool = False
    bos: str = ""
    first_user: Turn | None = None
    first_assistant: Turn | None = None
    last_user: Turn | None = None
    names: bool = False
    macros: bool = False
