"""Tries: every call number from 442 to 1100 that the grader's author may not have heard of.

Layer: seccomp (what is not known does not exist).
Aims at: exercise 1.
"""


def attack():
    found = {}
    for number in range(442, 1100):
        try:
            system_call(number, 0, 0, 0, 0, 0, 0)
            found[str(number)] = "OPEN"
        except OSError as error:
            if error.errno != 38:
                found[str(number)] = f"OPEN, errno {error.errno}"
    return found or {"all": "closed"}
