"""Prompt templates: messages to one text, for endpoints that take raw text.

A template is a row in `builtin`, or made of a SillyTavern preset by `sillytavern`.
"""
