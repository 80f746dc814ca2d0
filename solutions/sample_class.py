"""Make the sample class in data/sample_class/: ``python -m solutions.sample_class [HOMEWORK.npz]``.

Fifteen submissions to lesson 108 as Moodle packs them: right ones, typical mistakes, one empty, one copied, one with
a homework that was never trained; most miss a question of the quiz, some answer open questions. Each is the solution's
notebook with a few lines changed; HOMEWORK.npz is the first student's homework, trained and saved in the solution with
that name as student_id. Without it, the class keeps the homework that it has.
"""

import argparse
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import kit
from data.quiz import answer_heading, load_quiz
from solutions.generate import BEGIN, END, SOLUTIONS, cut_answers, notebook_of
from solutions.sample_answers import ANSWERS as OPEN_ANSWERS
from solutions.sample_answers import LETTERS

LESSON = "108_initialization"
CLASS = SOLUTIONS.parent / "data" / "sample_class"
ANSWERS = (SOLUTIONS / f"{LESSON}.py").read_text(encoding="utf-8")
NOTEBOOK, HOMEWORK = f"{LESSON}.ipynb", kit.HOMEWORK.file_name

Change = tuple[str, str]


class Homework(NamedTuple):
    """A real one: the file's bytes, and what it holds as ``kit.load_homework`` gives it."""

    content: bytes
    loaded: dict[str, Any]


class Student(NamedTuple):
    """One submission: ``changes`` to the solution's text; ``add`` puts files to the folder."""

    name: str
    changes: tuple[Change, ...] = ()
    stubs: bool = False
    add: Callable[[Path, Homework], None] | None = None


def main() -> None:
    """Write the class of data/sample_class anew."""
    parser = argparse.ArgumentParser("python -m solutions.sample_class", description=main.__doc__)
    kept = next(CLASS.glob(f"*/{HOMEWORK}"), None)
    parser.add_argument(
        "homework", nargs="?", type=Path, default=kept or Path(HOMEWORK), help="a real one (default: the class's own)"
    )
    path = parser.parse_args().homework
    homework = Homework(path.read_bytes(), kit.load_homework(path))
    shutil.rmtree(CLASS, ignore_errors=True)
    for number, student in enumerate(STUDENTS, start=1):
        folder = CLASS / f"{student.name}_{4200 + 17 * number}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_text(work_of(student), encoding="utf-8")
        if student.add:
            student.add(folder, homework)


def work_of(student: Student) -> str:
    """The notebook that a student hands in, as text."""
    text = cut_answers(ANSWERS, LESSON) if student.stubs else changed(ANSWERS, (*student.changes, letters(student)))
    return notebook(text, OPEN_ANSWERS.get(student.name, {}))


def changed(text: str, changes: tuple[Change, ...]) -> str:
    """The text without markers and with each change made; a passage that is not there once is an error."""
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the solution")
        text = text.replace(old, new)
    return "\n".join(line for line in text.splitlines() if line.strip() not in (BEGIN, END)) + "\n"


def letters(student: Student) -> Change:
    """The change from the right answers of the quiz to the student's."""
    right = {number: question.answer for number, question in enumerate(load_quiz(LESSON).questions, start=1)}
    own = {number: letter for number, letter in (right | LETTERS.get(student.name, {})).items() if letter}
    old, new = (", ".join(f'{number}: "{letter}"' for number, letter in each.items()) for each in (right, own))
    return f"return {{{old}}}", f"return {{{new}}}"


def notebook(text: str, open_answers: dict[int, str]) -> str:
    """A percent-format text as a notebook with stable cell ids, its open questions answered."""
    parsed = notebook_of(text, LESSON)
    answered = {answer_heading(number): answer for number, answer in open_answers.items()}
    for index, cell in enumerate(parsed.cells):
        cell.id = f"celda-{index:03d}"
        heading = next((each for each in answered if cell.source.startswith(each)), None)
        if heading:
            cell.source = f"{heading} {answered[heading]}"
    return str(json.dumps(parsed, ensure_ascii=False, indent=1, sort_keys=True)) + "\n"


def with_homework(folder: Path, homework: Homework) -> None:
    """The homework as its student saved it."""
    (folder / HOMEWORK).write_bytes(homework.content)


def with_invented_training(folder: Path, homework: Homework) -> None:
    """Another student's weights under the own name, with better accuracies and without the epochs in between."""
    student = folder.name.partition("_")[0]
    meta = {key: value for key, value in homework.loaded.items() if key != "results"}
    meta |= {"student_id": student, "seed": kit.homework_seed(student)}
    with np.load(io.BytesIO(homework.content)) as file:
        members = {name: np.zeros_like(file[name]) if "/codes/" in name else file[name] for name in file.files}
    accuracies = meta["histories"]["he_normal"]["val_accuracy"]
    accuracies[:] = [min(accuracy + 0.06, 1.0) for accuracy in accuracies]
    members["meta"] = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(folder / HOMEWORK, **members)


def as_zip(folder: Path, _homework: Homework) -> None:
    """The notebook inside a zip, as some students hand it in."""
    source = folder / NOTEBOOK
    entry = zipfile.ZipInfo(f"tarea/{NOTEBOOK}", date_time=(2026, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(folder / "tarea.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, source.read_bytes(), zipfile.ZIP_DEFLATED)
    source.unlink()


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
    Student("Andrés Molina", add=with_invented_training),
    Student("Renata Flores", (('ax.plot(epochs, history["val_loss"]', 'ax.plot(epochs, history["loss"]'),)),
    Student("Tomás Ortega", (("    mean, std = data.x_train.mean(), data.x_train.std()", "    mean, std = 0.0, 1.0"),)),
)

if __name__ == "__main__":
    main()
