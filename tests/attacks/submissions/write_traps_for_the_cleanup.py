"""Tries: to make the removal of its scratch folder follow links, stumble over modes, names and depth, or not end.

Layer: scratch (a file system that is gone with the worker, never walked by the judge).
Aims at: exercise 1.
"""


def attack():
    for number in range(50):
        os.symlink(PLACES["home"], f"link{number}")
    os.umask(0o777)
    os.mkdir("locked")
    os.umask(0)
    for _ in range(3000):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    os.mkfifo("fifo") if False else None
    return {"socket": attempt(lambda: os.mknod("pipe", 0o10644)), "fifo": attempt(lambda: os.mkfifo("fifo2"))}
