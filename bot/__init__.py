"""Discord, schedule, command line and wiring."""

__version__ = "0.1.0"
