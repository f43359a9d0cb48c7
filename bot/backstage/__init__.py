"""The commands and listeners of the bot, put together by theme."""
