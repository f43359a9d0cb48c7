"""LLM servers: one dialect module per kind of server, and the wrappers around them."""
