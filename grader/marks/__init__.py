"""The instructor's marks for open questions: the table, read with an eye on every cell, and merged."""
