"""Tries: to take back the limits it was given.

Layer: limits (hard), seccomp (no capability to raise them).
Aims at: exercise 1.
"""


def attack():
    import resource

    names = ("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_DATA", "RLIMIT_CORE")
    most = resource.RLIM_INFINITY
    return {name: attempt(lambda: resource.setrlimit(getattr(resource, name), (most, most))) for name in names}
