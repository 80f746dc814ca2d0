"""The notebooks and what they state."""
