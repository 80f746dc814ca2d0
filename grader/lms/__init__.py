"""Whose work is what in a folder of submissions, by names alone; nothing is opened but a class's zip."""
