"""The centre: what the program does with no Discord, no HTTP and no SQL."""
