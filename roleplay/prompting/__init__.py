"""From a scene and its history to the prompt that is sent."""
