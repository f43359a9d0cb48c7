"""What a character is, and how the files that describe one are read and written."""
