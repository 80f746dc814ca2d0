"""The judge's side of a worker: asks it, watches its limits, says what went wrong."""
