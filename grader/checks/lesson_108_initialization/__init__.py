"""Lesson 108, initialization: 60 points for the exercises, 40 for the homework."""
