"""Lorebooks as people handle them in Discord and from the terminal."""
