"""Tries: to read another student's notebook and to copy the answers.

Layer: landlock, scratch.
Aims at: exercise 1.
"""


def attack():
    return {
        "notebook": attempt(lambda: open(PLACES["other"] + "/108_initialization.ipynb").read()),
        "class": attempt(lambda: os.listdir(PLACES["class"])),
        "glob": attempt(lambda: __import__("glob").glob(PLACES["class"] + "/*/*")[0]),
        "scratch": attempt(lambda: [name for name in os.listdir(PLACES["scratch"]) if name not in os.getcwd()][0]),
    }
