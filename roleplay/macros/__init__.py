"""`{{macros}}` of cards, lorebooks, notes and presets. What people write in a chat has none."""
