"""Lesson 109, activations and gradient flow: 90 points for the exercises; the quiz adds 10."""
