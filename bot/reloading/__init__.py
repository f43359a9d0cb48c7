"""Changing the settings while the program runs."""
