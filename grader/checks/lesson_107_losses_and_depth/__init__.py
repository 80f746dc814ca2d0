"""Lesson 107, losses and depth: 90 points for the exercises; the quiz has the other 10."""
