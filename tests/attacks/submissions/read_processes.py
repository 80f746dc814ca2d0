"""Tries: to look at other processes through /proc: their memory, maps, descriptors, command lines.

Layer: namespaces (they have no entry), landlock (only the own one can be opened).
Aims at: exercise 1.
"""


def attack():
    pids = (PLACES["judge"], PLACES["warm"], os.getppid())
    found = {"all": attempt(lambda: [name for name in os.listdir("/proc") if name.isdigit()][0])}
    for number, pid in enumerate(pids):
        for name in ("mem", "maps", "environ", "cmdline", "stat", "auxv"):
            found[f"{number} {name}"] = attempt(lambda: open(f"/proc/{pid}/{name}", "rb").read(64))
        found[f"{number} fd"] = attempt(lambda: os.listdir(f"/proc/{pid}/fd"))
        found[f"{number} cwd"] = attempt(lambda: os.listdir(f"/proc/{pid}/cwd"))
    return found
