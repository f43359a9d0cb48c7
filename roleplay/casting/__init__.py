"""Several characters in one channel: who is there, and who speaks next."""
