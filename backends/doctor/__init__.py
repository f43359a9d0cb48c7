"""Looks at one profile rung by rung: from its host's name to one short reply."""
