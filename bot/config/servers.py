"""The types a profile may have, where their servers usually listen, and what they take."""

from backends.dialects import AUTO, dialect_for, every, settled, types
from backends.embedded.servers import EMBEDDED
from roleplay.chat import TextRequest
from roleplay.profiles import ConnectionProfile


def addresses() -> dict[str, str]:
    """Type to the `baseURL` that stands for an unset one; "" where there is none."""
    found = {name: dialect.base_url for dialect in every().values() for name in dialect.names}
    return found | {EMBEDDED: "", AUTO: ""}


def takes_text(kind: str, address: str) -> bool:
    """Whether such a server takes a prompt as one text; `address` "" is the type's own.

    Of the type auto it is not known before the server is asked; a request then says so.
    """
    if kind == AUTO:
        return True
    profile = settled(ConnectionProfile(type=kind, baseURL=address))
    return dialect_for(profile).encode_text(TextRequest(""), profile) is not None


def types_that_take_text() -> list[str]:
    return [kind for kind in types() if takes_text(kind, "")]
