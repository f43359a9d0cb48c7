"""World info: texts that join the prompt when what is said calls for them."""
