"""A Discord of our own on a loopback socket: REST, gateway, people, and faults to order."""

from fakes.discord.server import TOKEN, FakeDiscord

__all__ = ["TOKEN", "FakeDiscord"]
