"""The types a profile may have, and where their servers usually listen."""

DEFAULT_ADDRESSES = {"embedded": "", "openai": "https://api.openai.com/v1"}
"""Type to the `baseURL` that stands for an unset one; "" where none does."""
