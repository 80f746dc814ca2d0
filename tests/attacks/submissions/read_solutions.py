"""Tries: to import and to read the lesson's solution.

Layer: landlock, scratch.
Aims at: exercise 1.
"""


def attack():
    import importlib.util
    import sys

    def by_loader():
        spec = importlib.util.spec_from_file_location("solution", PLACES["solutions"] + "/108_initialization.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.compute_fans((2, 3))

    sys.path.insert(0, PLACES["solutions"])
    return {
        "import": attempt(by_loader),
        "open": attempt(lambda: open(PLACES["solutions"] + "/108_initialization.py").read()),
        "list": attempt(lambda: os.listdir(PLACES["solutions"])),
        "package": attempt(lambda: importlib.import_module("solutions")),
    }
