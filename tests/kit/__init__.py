"""The lessons' kit."""
