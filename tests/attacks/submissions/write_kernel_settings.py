"""Tries: to write /proc/sys and /sys, whose files root owns, which a worker of root is without any privilege.

Layer: landlock, scratch (read-only mounts).
Aims at: exercise 1.
"""


def attack():
    paths = (
        "/proc/sys/kernel/core_pattern /proc/sys/kernel/pid_max /proc/sys/vm/drop_caches /proc/sysrq-trigger "
        "/proc/self/oom_score_adj /proc/self/coredump_filter /proc/self/uid_map /proc/sys/kernel/hostname "
        "/sys/devices/system/cpu/cpu1/online /sys/power/state /proc/self/timerslack_ns /proc/self/attr/current"
    )
    return {path: attempt(lambda: open(path, "w").write("0")) for path in paths.split()}
