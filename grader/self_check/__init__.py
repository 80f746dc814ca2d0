"""`pytest grader`: one student, a table of points."""
