"""Tries: to read the machine's accounts, host names, mounts and kernel settings.

Layer: landlock, scratch.
Aims at: exercise 1.
"""


def attack():
    paths = "/etc/passwd /etc/shadow /etc/hosts /etc/hostname /var/log/dpkg.log /root/.bashrc /proc/kcore /proc/kallsyms"
    return {path: attempt(lambda: open(path, "rb").read(64)) for path in [*paths.split(), "/proc/1/../sys/kernel/osrelease"]}
