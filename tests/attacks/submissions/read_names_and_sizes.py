"""Tries: to learn that files exist, their size and age, without opening them, which Landlock would allow.

Layer: scratch (a root folder in which they do not exist).
Aims at: exercise 1.
"""


def attack():
    key = PLACES["key"]
    return {
        "stat": attempt(lambda: os.stat(key).st_size),
        "access": attempt(lambda: os.access(key, os.F_OK) or c("access", b"/nowhere", 0)),
        "readlink": attempt(lambda: os.readlink(PLACES["link"])),
        "chdir": attempt(lambda: os.chdir(PLACES["home"])),
        "statvfs": attempt(lambda: os.statvfs(PLACES["home"])),
    }
