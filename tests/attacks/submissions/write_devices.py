"""Tries: to make and to open devices: disks, memory, terminals, shared memory.

Layer: seccomp, landlock, scratch.
Aims at: exercise 1.
"""


def attack():
    paths = "/dev/mem /dev/kmsg /dev/sda /dev/vda /dev/tty /dev/ptmx /dev/console /dev/fuse /dev/kvm /dev/net/tun /dev/loop-control"
    found = {path: attempt(lambda: os.open(path, os.O_RDWR)) for path in paths.split()}
    found["mknod"] = attempt(lambda: os.mknod("memory", 0o20666, os.makedev(1, 1)) or open("memory", "rb"))
    found["urandom"] = attempt(lambda: os.open("/dev/urandom", os.O_WRONLY))
    return found
