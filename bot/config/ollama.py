"""Ollama behind its /v1, which cannot carry the window: a config should say so beforehand."""

from backends.address import port_of
from roleplay.profiles import ConnectionProfile

PORT = 11434


def unheard_window(profile: ConnectionProfile) -> bool:
    """Whether a window is set that its server is never told."""
    here = profile.type == "openai" and bool(profile.base_url) and port_of(profile.base_url) == PORT
    return here and profile.sampler.max_context_tokens is not None
