"""pytest grader."""
