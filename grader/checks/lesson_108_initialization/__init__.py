"""Lesson 108, initialization: 52 points for the exercises, 40 for the homework, 8 for the quiz."""
