"""Slash commands and event listeners, one feature a module. A cog translates, no more."""
