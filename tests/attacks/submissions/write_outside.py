"""Tries: to write, create, rename, truncate and delete outside its scratch folder.

Layer: landlock, scratch (read-only root folder).
Aims at: exercise 1.
"""


def attack():
    key, folder = PLACES["key"], PLACES["home"]
    kit = __import__("kit").__file__
    return {
        "append": attempt(lambda: open(key, "a").write("x")),
        "create": attempt(lambda: open(folder + "/new", "w").write("x")),
        "truncate": attempt(lambda: os.truncate(key, 0)),
        "unlink": attempt(lambda: os.unlink(key)),
        "rename": attempt(lambda: os.rename(key, key + ".old")),
        "mkdir": attempt(lambda: os.mkdir(folder + "/made")),
        "shm": attempt(lambda: open("/dev/shm/attack", "w").write("x")),
        "tmp": attempt(lambda: open("/tmp/attack-was-here", "w").write("x")),
        "root": attempt(lambda: open("/attack", "w").write("x")),
        "kit": attempt(lambda: open(kit, "a").write("x")),
        "library": attempt(lambda: open(np.__file__, "a").write("x")),
        "bytecode": attempt(lambda: open(os.path.dirname(np.__file__) + "/__pycache__/x.pyc", "w")),
    }
