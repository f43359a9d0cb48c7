"""Channels of several characters, as people set them up."""
