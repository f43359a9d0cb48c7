"""config.json to frozen models; the only reader of the environment."""
