"""What makes prompts and shows them, put together."""
