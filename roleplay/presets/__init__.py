"""SillyTavern's presets: samplers, context templates and system prompts, read with a report."""
