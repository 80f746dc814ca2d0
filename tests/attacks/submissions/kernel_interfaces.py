"""Tries: the calls that kernel exploits begin with: bpf, perf, keys, userfaultfd, aio, modules, ldt, ptrace's kin.

Layer: seccomp.
Aims at: exercise 1.
"""
CALLS = {
    "bpf": 321, "perf_event_open": 298, "add_key": 248, "request_key": 249, "keyctl": 250, "userfaultfd": 323,
    "io_setup": 206, "io_uring_register": 427, "init_module": 175, "finit_module": 313, "kexec_load": 246,
    "modify_ldt": 154, "iopl": 172, "ioperm": 173, "personality": 135, "quotactl": 179, "acct": 163, "syslog": 103,
    "reboot": 169, "swapon": 167, "fanotify_init": 300, "inotify_init1": 294, "inotify_init": 253, "vmsplice": 278,
    "remap_file_pages": 216, "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "msgget": 68, "semget": 64,
    "mq_open": 240, "capset": 126, "setuid": 105, "sethostname": 170, "settimeofday": 164, "vhangup": 153,
    "landlock_create_ruleset": 444, "quotactl_fd": 443, "map_shadow_stack": 453, "lsm_set_self_attr": 460,
}


def attack():
    return {name: attempt(lambda: system_call(number, 0, 0, 0, 0, 0, 0)) for name, number in CALLS.items()}
