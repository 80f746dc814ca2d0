"""Tries: to fill the disk: one endless file, a file with holes, many files.

Layer: scratch (a tmpfs with a size); limits (size of one file).
Aims at: exercise 1.
"""


def attack():
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def one():
        with open("big", "wb") as file:
            for _ in range(512):
                file.write(b"x" * 2**20)
        return "half a gigabyte"

    def holes():
        with open("holes", "wb") as file:
            return file.truncate(2**40)

    def fallocate():
        return os.posix_fallocate(os.open("reserved", os.O_CREAT | os.O_RDWR), 0, 2**30)

    return {"one": attempt(one), "holes": attempt(holes), "reserved": attempt(fallocate)}
