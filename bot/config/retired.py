"""Models that OpenAI has shut down, so that an old config says so before Discord does.

Source: https://platform.openai.com/docs/deprecations
"""

from roleplay.profiles import ConnectionProfile

HOST = "api.openai.com"

SHUT_DOWN = {
    "gpt-3.5-turbo": "2026-10-23",
    "gpt-3.5-turbo-16k": "2026-10-23",
    "gpt-3.5-turbo-instruct": "2026-09-28",
    "gpt-4": "2026-10-23",
    "gpt-4-turbo": "2026-10-23",
    "gpt-4.1-nano": "2026-10-23",
    "o1": "2026-10-23",
    "o3-mini": "2026-10-23",
    "o4-mini": "2026-10-23",
    "davinci-002": "2026-09-28",
}
"""Name to the day (UTC) it stopped answering."""


def shut_down(profile: ConnectionProfile, address: str) -> str | None:
    """The day the profile's model went away at OpenAI; None when it did not, or is elsewhere."""
    return SHUT_DOWN.get(profile.model) if f"//{HOST}/" in f"{address}/" else None
