"""Sample submissions, graded through the real worker."""
