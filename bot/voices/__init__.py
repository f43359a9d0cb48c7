"""Characters that speak under names and pictures of their own."""
