"""A student's files, chosen and read as text. Nothing runs here."""
