"""Pretend servers: Discord and LLM servers on loopback sockets."""
