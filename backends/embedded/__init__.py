"""LLM servers that RoleForge starts itself: llama.cpp children on loopback."""
