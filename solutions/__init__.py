"""The lessons with their answers, one percent-format notebook each, and what turns them into a student's notebook.

A lesson is written here and nowhere else: ``python -m solutions.generate`` makes ``lessons/*.ipynb`` from it.
"""
