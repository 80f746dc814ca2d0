"""Tries: to reach a file outside through a symbolic link, a hard link and a rename across folders.

Layer: landlock, scratch.
Aims at: exercise 1.
"""


def attack():
    key = PLACES["key"]
    os.symlink(key, "symlink")
    os.symlink("/", "everything")
    return {
        "symlink": attempt(lambda: open("symlink").read()),
        "through": attempt(lambda: open("symlink", "a").write("x")),
        "folder": attempt(lambda: open("everything" + key).read()),
        "hard link": attempt(lambda: os.link(key, "hard")),
        "hard link to a library": attempt(lambda: os.link(np.__file__, "numpy")),
        "hard link to a descriptor": attempt(lambda: os.link(f"/proc/self/fd/{os.open(np.__file__, 0)}", "n", follow_symlinks=True)),
        "rename": attempt(lambda: os.rename(np.__file__, "moved")),
    }
