"""Tries: to use up inodes with empty files and folders.

Layer: scratch (a tmpfs with a number of files).
Aims at: exercise 1.
"""


def attack():
    def files():
        for number in range(20_000):
            os.close(os.open(f"n{number}", os.O_CREAT | os.O_WRONLY))
        return number

    return {"files": attempt(files), "folders": attempt(lambda: [os.mkdir(f"m{number}") for number in range(20_000)])}
