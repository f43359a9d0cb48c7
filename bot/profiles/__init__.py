"""Connection profiles that the bot's owner keeps from Discord."""
