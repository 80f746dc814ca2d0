"""Tries: to leave a daemon behind that outlives the grading: double fork, setsid, a changed death signal.

Layer: seccomp (no process, and the signal at the parent's death cannot be taken back); namespaces.
Aims at: exercise 1.
"""


def attack():
    def daemon():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                import time

                time.sleep(1000)
        return True

    return {
        "daemon": attempt(daemon),
        "setsid": attempt(os.setsid),
        "setpgid": attempt(lambda: os.setpgid(0, 0)),
        "death signal": attempt(lambda: c("prctl", 1, 0, 0, 0, 0)),
        "subreaper": attempt(lambda: c("prctl", 36, 1, 0, 0, 0)),
        "dumpable": attempt(lambda: c("prctl", 4, 1, 0, 0, 0)),
    }
