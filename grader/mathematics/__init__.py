"""What the lessons are about, in NumPy: initializers, networks, losses, trainings, tolerances with a proved bound."""
