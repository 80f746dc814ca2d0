"""Tables, gradebooks, Gradescope."""
