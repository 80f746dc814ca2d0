"""The instructor's marks."""
