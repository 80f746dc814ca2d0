"""The trusted checks: a folder for each lesson, a module for each exercise, a function for each sentence."""
