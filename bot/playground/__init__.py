"""The whole bot in a browser page, with simcord in the place of Discord."""
