"""The judge's side of a worker."""
