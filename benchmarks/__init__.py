"""Measurements behind the grader's bounds and the documents' figures. Run a module; nothing imports this package."""
