"""Presets in words."""
