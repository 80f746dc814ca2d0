"""Lesson 107, losses and depth: 90 points for the exercises, 10 for the quiz."""
