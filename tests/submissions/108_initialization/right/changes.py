# Nothing to change.
