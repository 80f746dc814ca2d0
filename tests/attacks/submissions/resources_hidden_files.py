"""Tries: to hold memory in files: memfd, memfd_secret, shared memory, deleted files, pipes.

Layer: seccomp; scratch (a tmpfs with a size); descriptors are limited.
Aims at: exercise 1.
"""


def attack():
    def deleted():
        total = 0
        for number in range(40):
            fd = os.open(f"f{number}", os.O_CREAT | os.O_RDWR)
            os.unlink(f"f{number}")
            total += os.write(fd, b"x" * (16 * 2**20))
        return total

    return {
        "memfd": attempt(lambda: os.memfd_create("m")),
        "memfd_secret": attempt(lambda: system_call(447, 0)),
        "shm": attempt(lambda: os.open("/dev/shm/m", os.O_CREAT | os.O_RDWR)),
        "deleted files": attempt(deleted),
    }
