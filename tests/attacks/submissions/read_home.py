"""Tries: to read a key in the home folder, by name, by descriptor walk and through /proc/self/root.

Layer: landlock; and scratch, where the folder does not exist.
Aims at: exercise 1.
"""


def attack():
    key = PLACES["key"]
    return {
        "open": attempt(lambda: open(key).read()),
        "list": attempt(lambda: os.listdir(PLACES["home"])),
        "root": attempt(lambda: open("/proc/self/root" + key).read()),
        "cwd": attempt(lambda: open("/proc/self/cwd/../../../../.." + key).read()),
        "path only": attempt(lambda: os.read(os.open(f"/proc/self/fd/{os.open(key, os.O_PATH)}", 0), 99)),
    }
