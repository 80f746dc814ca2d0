"""Data and sample class."""
