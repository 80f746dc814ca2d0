"""Tries: to take others' time: priorities, processors, memory pages and disk classes of the judge.

Layer: seccomp; namespaces.
Aims at: exercise 1.
"""


def attack():
    judge = PLACES["judge"]
    return {
        "nice": attempt(lambda: os.setpriority(os.PRIO_PROCESS, judge, 19)),
        "nice everybody": attempt(lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19)),
        "affinity": attempt(lambda: os.sched_setaffinity(judge, {0})),
        "idle class": attempt(lambda: os.sched_setscheduler(judge, os.SCHED_IDLE, os.sched_param(0))),
        "real time": attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))),
        "deadline": attempt(lambda: system_call(314, 0, ctypes.create_string_buffer(48), 0)),
        "disk": attempt(lambda: system_call(251, 1, judge, (3 << 13))),
        "pages": attempt(lambda: system_call(256, judge, 1, None, None)),
        "move": attempt(lambda: system_call(279, judge, 0, None, None, None, 0)),
        "flush": attempt(lambda: system_call(306, os.open(".", os.O_RDONLY))),
    }
