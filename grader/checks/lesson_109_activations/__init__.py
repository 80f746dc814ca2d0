"""Lesson 109, activations: 90 points for the exercises, 10 for the quiz."""
