"""`python -m grader`: commands, options, sentences and exit codes."""
