"""Tries: to read and to change the batch's journal, where finished grades are.

Layer: landlock, scratch.
Aims at: exercise 1.
"""


def attack():
    import sqlite3

    journal = PLACES["journal"]
    return {
        "read": attempt(lambda: open(journal, "rb").read()),
        "write": attempt(lambda: open(journal, "ab").write(b"10/10")),
        "database": attempt(lambda: sqlite3.connect(journal).execute("select * from outcomes").fetchall()),
        "read-only": attempt(lambda: sqlite3.connect(f"file:{journal}?immutable=1", uri=True).execute("select 1").fetchall() and open(journal)),
    }
