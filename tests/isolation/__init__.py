"""Scratch folders; the layers are attacked in tests/attacks."""
