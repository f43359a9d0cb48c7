"""Dialects are found by walking this package: one module per kind of server."""
