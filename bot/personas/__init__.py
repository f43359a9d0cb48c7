"""The commands with which people choose who they are."""
