"""The types a profile may have, and where their servers usually listen."""

from backends.dialects import AUTO, every
from backends.embedded.servers import EMBEDDED


def addresses() -> dict[str, str]:
    """Type to the `baseURL` that stands for an unset one; "" where there is none."""
    found = {name: dialect.base_url for dialect in every().values() for name in dialect.names}
    return found | {EMBEDDED: "", AUTO: ""}
