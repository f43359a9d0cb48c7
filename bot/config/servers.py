"""The types a profile may have, and where their servers usually listen."""

from backends.dialects import every
from backends.embedded.servers import EMBEDDED


def addresses() -> dict[str, str]:
    """Type to the `baseURL` that stands for an unset one; "" for the server we start ourselves."""
    found = {name: dialect.base_url for dialect in every().values() for name in dialect.names}
    return found | {EMBEDDED: ""}
