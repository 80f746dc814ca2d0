"""Attacks on the grader and what holds against them."""
