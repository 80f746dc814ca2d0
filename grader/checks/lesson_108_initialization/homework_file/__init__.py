"""The homework: its protocol, and what its file claims, proves and is worth."""
