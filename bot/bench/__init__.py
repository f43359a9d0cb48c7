"""`roleforge bench`: how fast a profile is, at the size of a roleplay's prompt."""
