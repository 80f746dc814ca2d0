"""A class: rows, slots, the journal."""
