"""Make the sample class in data/sample_class/: ``python -m solutions.sample_class HOMEWORK.npz``.

Fifteen submissions to lesson 108 as Moodle packs them: right ones, typical mistakes, one empty, one copied, one with
invented accuracies. Each is the solution's notebook with a few lines changed; HOMEWORK.npz is a real homework, such as
the one that `make check SUBMISSION=solutions` leaves in solutions/.
"""

import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jupytext  # type: ignore[import-untyped]
import kit

from solutions.generate import BEGIN, END, SOLUTIONS, cut_answers

LESSON = "108_initialization"
CLASS = SOLUTIONS.parent / "data" / "sample_class"
ANSWERS = (SOLUTIONS / f"{LESSON}.py").read_text(encoding="utf-8")
NOTEBOOK, HOMEWORK = f"{LESSON}.ipynb", kit.HOMEWORK.file_name

Change = tuple[str, str]


class Student(NamedTuple):
    """One submission: ``changes`` to the solution's text; ``add`` puts files to the folder."""

    name: str
    changes: tuple[Change, ...] = ()
    stubs: bool = False
    add: Callable[[Path, Path], None] | None = None


def main(arguments: list[str]) -> None:
    """Write the class anew."""
    homework = Path(arguments[0])
    shutil.rmtree(CLASS, ignore_errors=True)
    for number, student in enumerate(STUDENTS, start=1):
        folder = CLASS / f"{student.name}_{4200 + 17 * number}_assignsubmission_file_"
        folder.mkdir(parents=True)
        text = cut_answers(ANSWERS, LESSON) if student.stubs else changed(ANSWERS, student.changes)
        (folder / NOTEBOOK).write_text(notebook(text), encoding="utf-8")
        if student.add:
            student.add(folder, homework)


def changed(text: str, changes: tuple[Change, ...]) -> str:
    """The text without markers and with each change made; a passage that is not there once is an error."""
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the solution")
        text = text.replace(old, new)
    return "\n".join(line for line in text.splitlines() if line.strip() not in (BEGIN, END)) + "\n"


def notebook(text: str) -> str:
    """A percent-format text as a notebook with stable cell ids."""
    parsed = jupytext.reads(text, fmt="py:percent")
    for index, cell in enumerate(parsed.cells):
        cell.id = f"celda-{index:03d}"
    return str(json.dumps(parsed, ensure_ascii=False, indent=1, sort_keys=True)) + "\n"


def with_homework(folder: Path, homework: Path) -> None:
    """The homework as the student saved it."""
    _save(folder, kit.load_homework(homework)["results"], homework)


def with_invented_accuracy(folder: Path, homework: Path) -> None:
    """The homework with accuracies of He normal that its weights do not have."""
    results = kit.load_homework(homework)["results"]
    history = results["he_normal"]["history"]
    history["val_accuracy"] = [min(accuracy + 0.06, 1.0) for accuracy in history["val_accuracy"]]
    _save(folder, results, homework)


def as_zip(folder: Path, _homework: Path) -> None:
    """The notebook inside a zip, as some students hand it in."""
    source = folder / NOTEBOOK
    entry = zipfile.ZipInfo(f"tarea/{NOTEBOOK}", date_time=(2026, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(folder / "tarea.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, source.read_bytes(), zipfile.ZIP_DEFLATED)
    source.unlink()


def _save(folder: Path, results: dict[str, Any], homework: Path) -> None:
    student = folder.name.partition("_")[0]
    kit.save_homework(results, folder / HOMEWORK, student, seed=kit.load_homework(homework)["seed"])


HALF_DONE = tuple(
    (
        f'def {name}({arguments}):\n    """',
        f'def {name}({arguments}):\n    raise NotImplementedError("{name}")\n    """',
    )
    for name, arguments in (
        ("saturation_fraction", "activations, threshold=0.97"),
        ("compare_tanh_initializers", "data, seed, epochs"),
        ("train_reproducibly", "data, seed, epochs"),
        ("snapshot_weights", "model"),
        ("restore_weights", "model, snapshot"),
        ("train_homework", "data, kernel_initializer, seed, epochs=20"),
        ("run_homework", "data, seed"),
        ("kernel_norms", "weights"),
        ("best_initializer", "results"),
    )
)

STUDENTS = (
    Student("Ana Pérez", add=with_homework),
    Student("Luis Gómez"),
    Student("Camila Vargas"),  # the same notebook as Luis
    Student("Eva Ruiz", stubs=True),
    Student("Marta Díaz", (('"glorot": 2 / (fan_in + fan_out)', '"glorot": 2 / fan_in'),)),
    Student("José Núñez", (("    return variances[rule]", "    return math.sqrt(variances[rule])"),)),
    Student(
        "Lucía Fernández", (("    keras.utils.set_random_seed(seed)\n    # END SOLUTION", "    np.random.seed(seed)"),)
    ),
    Student("Sofía Castro", HALF_DONE),
    Student("Diego Torres", (("    area = math.prod(spatial)", "    area = math.prod(spatial"),)),
    Student(
        "Valentina Rojas", (("[float(np.var(h)) for h in activations]", "[float(np.var(x)) for h in activations]"),)
    ),
    Student("Mateo Silva", (("if np.ndim(w) >= 2]", "]"), ("np.abs(h) > threshold", "h > threshold"))),
    Student("Isabel Herrera", (("[np.array(w) for w in model.get_weights()]", "model.weights"),), add=as_zip),
    Student("Andrés Molina", add=with_invented_accuracy),
    Student("Renata Flores", (('ax.plot(epochs, history["val_loss"]', 'ax.plot(epochs, history["loss"]'),)),
    Student("Tomás Ortega", (("    mean, std = data.x_train.mean(), data.x_train.std()", "    mean, std = 0.0, 1.0"),)),
)

if __name__ == "__main__":
    main(sys.argv[1:])
