"""The tests: a folder for each room of the grader; helpers in support/, sample submissions in samples/."""
