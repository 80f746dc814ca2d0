"""What a check is, and what checks compare with. No student code has run where this runs."""
