"""Whose work is what."""
