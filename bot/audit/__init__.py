"""Who changed which setting, shown and undone."""
