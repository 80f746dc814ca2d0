"""What tests know of one lesson each: students who solve it, files that they hand in."""
