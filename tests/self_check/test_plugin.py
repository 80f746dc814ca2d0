import json
import re
import subprocess
import sys

import pytest

from data.quiz import load_quiz
from grader.lesson import ROOT, all_lessons
from tests.support.files import notebook
from tests.support.processes import grade_all

EXERCISE_1 = """
import math
import numpy as np

def compute_fans(kernel_shape):
    *window, inputs, outputs = kernel_shape
    return math.prod(window) * inputs, math.prod(window) * outputs

def theoretical_variance(initializer, fan_in, fan_out):
    rule, _, form = initializer.partition("_")
    rules = {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}
    if rule not in rules or form not in ("uniform", "normal"):
        raise ValueError(initializer)
    return rules[rule]

def uniform_limit(initializer, fan_in, fan_out):
    if not initializer.endswith("uniform"):
        raise ValueError(initializer)
    return math.sqrt(3 * theoretical_variance(initializer, fan_in, fan_out))

def inspect_default_kernel(units, input_dim, seed):
    limit = uniform_limit("glorot_uniform", input_dim, units)
    kernel = np.random.default_rng(seed).uniform(-limit, limit, (input_dim, units)).astype("float32")
    theory = theoretical_variance("glorot_uniform", input_dim, units)
    return {"kernel": kernel, "empirical_variance": float(kernel.var()), "theoretical_variance": theory}
"""
SWAPPED = EXERCISE_1.replace("return math.prod(window) * inputs,", "return -math.prod(window) * inputs,")
COMPARES = "def compare_initializers(data, seed, epochs):\n    return {}"


def write(folder, *cells):
    """A folder with a notebook of these cells."""
    folder.mkdir()
    (folder / "108_initialization.ipynb").write_bytes(notebook(*cells))
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Submissions for the runs of this module."""
    folder = tmp_path_factory.mktemp("plugin")
    write(folder / "right", EXERCISE_1)
    write(folder / "swapped", SWAPPED)
    write(
        folder / "latex", 'LABEL = "$\\sigma$ and \\d"', EXERCISE_1.replace("rule, _", 'title = "$\\sigma$"; rule, _')
    )
    write(folder / "compares", COMPARES)
    (folder / "several").mkdir()
    for each in all_lessons():
        (folder / "several" / f"{each.key}.ipynb").write_bytes(notebook("x = 1"))
    write(folder / "untouched", *untouched_cells())
    (folder / "unreadable").mkdir()
    (folder / "unreadable" / "108_initialization.ipynb").write_text("not JSON")
    trap = write(folder / "trap", EXERCISE_1)
    for name in ("conftest.py", "pytest.py", "json.py", "sitecustomize.py"):
        (trap / name).write_text(f"open({str(folder / 'sprung')!r}, 'a').write({name!r})\n")
    (trap / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    return folder


def untouched_cells():
    """The code cells of the lesson as students receive it."""
    cells = json.loads((ROOT / "lessons" / "108_initialization.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def runs(folders):
    """What many command lines gave, each by its name."""
    lines = {
        "right": ["--submission", folders / "right", "--exercise", "1", "--seed", "5", "--lang", "en"],
        "spanish": ["--submission", folders / "right", "--exercise", "1", "--seed", "5"],
        "trap": ["--submission", folders / "trap", "--exercise", "1", "--seed", "5", "--lang", "en"],
        "swapped 7": ["--submission", folders / "swapped", "--exercise", "1", "--seed", "7", "--lang", "en"],
        "swapped 7 again": ["--submission", folders / "swapped", "--seed", "7", "--lang", "en", "--exercise", "1"],
        "swapped 8": ["--submission", folders / "swapped", "--exercise", "1", "--seed", "8", "--lang", "en"],
        "no seed": ["--submission", folders / "swapped", "--exercise", "1", "--lang", "en"],
        "no seed again": ["--submission", folders / "swapped", "--exercise", "1", "--lang", "en"],
        "latex": ["--submission", folders / "latex", "--exercise", "1", "--lang", "en"],
        "by number": ["--submission", folders / "right", "--lesson", "108", "--exercise", "homework", "--lang", "en"],
        "in spanish": ["--submission", folders / "right", "--lesson", "108", "--exercise", "Tarea"],
        "by key": ["--submission", folders / "right", "--lesson", "108_initialization", "--exercise", "3"],
        "wrong lesson": ["--submission", folders / "right", "--lesson", "999", "--lang", "en"],
        "wrong exercise": ["--submission", folders / "right", "--exercise", "9", "--lang", "en"],
        "negative seed": ["--submission", folders / "right", "--seed=-1", "--lang", "en"],
        "seed is a word": ["--submission", folders / "right", "--seed", "x"],
        "wrong language": ["--submission", folders / "right", "--lang", "fr"],
        "huge seed": ["--submission", folders / "swapped", "--exercise", "1", "--seed", str(10**30), "--lang", "en"],
        "results": [
            *("--submission", folders / "swapped", "--exercise", "1", "--seed", "5", "--lang", "en"),
            *("--results", folders / "results.json"),
        ],
        "several lessons": [
            *("--submission", folders / "several", "--exercise", "quiz", "--seed", "5", "--lang", "en"),
            *("--results", folders / "several.json"),
        ],
        "results nowhere": [
            *("--submission", folders / "right", "--exercise", "1", "--lang", "en"),
            *("--results", folders / "missing" / "results.json"),
        ],
        "refused": [
            *("--submission", folders / "unreadable", "--lesson", "108", "--lang", "en"),
            *("--refusal", folders / "refusal"),
        ],
        "wrong exercise, no refusal": [
            *("--submission", folders / "right", "--exercise", "9", "--lang", "en"),
            *("--refusal", folders / "no-refusal"),
        ],
        "untouched": ["--submission", folders / "untouched", "--seed", "5", "--lang", "en"],
        "one check": [
            *("--submission", folders / "right", "--seed", "5", "--lang", "en", "-k", "check_dense_fans"),
            *("--results", folders / "one.json"),
        ],
    }
    return dict(zip(lines, grade_all(folders / "modules", *lines.values()), strict=True))


def words(run):
    """The output without the shape of its lines."""
    return " ".join(run["output"].split())


def test_right_work_exits_with_0(runs):
    """All of exercise 1, and nothing of the others, which are not written."""
    run = runs["right"]

    assert run["code"] == 0
    assert "Total: 15/15 points" in run["output"]
    assert "Exercise 1" in run["output"]
    assert "Exercise 2" not in run["output"]


def test_escapes_that_python_warns_about_cost_nothing(runs):
    """LaTeX in a plain string is a warning, and warnings are not held against anybody."""
    assert runs["latex"]["code"] == 0
    assert "not valid Python" not in runs["latex"]["output"]


def test_wrong_work_exits_with_1(runs):
    """And says what was expected and what came."""
    run = runs["swapped 7"]

    assert run["code"] == 1
    assert "Total: 11/15 points" in run["output"]
    assert re.search(r"compute_fans\(.*\d.*expected .*\d.*received .*-\d", words(run))


def test_a_grader_fault_exits_with_3(folders):
    """Damaged data are the grader's fault: its points stay open, and the exit code tells."""
    call = ["--submission", folders / "compares", "--exercise", "2", "--lang", "en"]

    (run,) = grade_all(folders / "modules", call, damaged=True)

    assert run["code"] == 3
    assert "5 open" in run["output"]
    assert "is damaged" in run["output"]
    assert "Traceback" not in run["output"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("wrong lesson", "There is no lesson 999. Lessons: 107_losses_and_depth, 108_initialization"),
        ("wrong exercise", "There is no exercise 9 in lesson 108"),
        ("negative seed", "--seed must not be negative; it is -1."),
        ("seed is a word", "invalid int value"),
        ("wrong language", "invalid choice"),
    ],
)
def test_wrong_options_exit_with_4(name, sentence, runs):
    """One sentence says which one."""
    run = runs[name]

    assert run["code"] == 4
    assert sentence in words(run)
    assert "Traceback" not in run["output"]
    assert run["workers"] == 0


def test_the_same_seed_draws_the_same_inputs(runs):
    """Other seeds draw others, however large; without one, each run draws its own and prints it."""
    messages = {name: re.findall(r"expected \([^)]*\)", words(run)) for name, run in runs.items() if run["code"] == 1}

    assert messages["swapped 7"]
    assert messages["swapped 7"] == messages["swapped 7 again"]
    assert messages["swapped 7"] != messages["swapped 8"]
    assert messages["huge seed"] not in ([], messages["swapped 7"])
    assert messages["no seed"] != messages["no seed again"]
    assert "seed 7" in runs["swapped 7"]["output"]
    assert re.search(r"seed \d+", runs["no seed"]["output"])


def test_spanish_is_spoken_unless_english_is_asked_for(runs):
    """The same run, said otherwise."""
    spanish, english = runs["spanish"]["output"], runs["right"]["output"]

    assert "puntos" in spanish
    assert "points" not in spanish
    assert "compute_fans gives" in english
    assert "compute_fans gives" not in spanish


def test_a_lesson_is_chosen_by_number_or_key(runs):
    """With one exercise of it, or its homework."""
    assert "Homework" in runs["by number"]["output"]
    assert "/40" in runs["by number"]["output"]
    assert "0/8" in runs["by key"]["output"]


def test_an_exercise_may_be_asked_for_in_the_language_of_the_run(runs):
    """Spanish students say «tarea», as in a notebook, and need not know what the grader calls it."""
    assert "Tarea" in runs["in spanish"]["output"]
    assert "/40" in runs["in spanish"]["output"]


def test_the_results_are_the_table_as_json(runs, folders):
    """Points, outcomes and messages of the terminal stand in the file."""
    found = json.loads((folders / "results.json").read_text(encoding="utf-8"))

    assert runs["results"]["code"] == 1
    assert (found["points"], found["max_points"], found["seed"]) == (11, 15, 5)
    assert found["lesson"] == "108_initialization"
    outcomes = {check["id"]: check["outcome"] for check in found["checks"]}
    assert outcomes["108.1.dense_fans"] == outcomes["108.1.convolution_fans"] == "failed"
    assert sum(outcome == "passed" for outcome in outcomes.values()) == len(outcomes) - 2
    assert all(check["message"][:20] in runs["results"]["output"] for check in found["checks"])


def test_every_lesson_has_a_table_and_a_file_of_its_own(runs, folders):
    """One after the other, none overwritten by the next."""
    lessons = [lesson for lesson in all_lessons() if load_quiz(lesson.key).questions]
    names = [f"several-{lesson.number}.json" for lesson in lessons] if len(lessons) > 1 else ["several.json"]

    found = [json.loads((folders / name).read_text(encoding="utf-8")) for name in names]

    assert [each["lesson"] for each in found] == [lesson.key for lesson in lessons]
    assert runs["several lessons"]["output"].count("Total: ") == len(lessons)
    assert sorted(path.name for path in folders.glob("several*.json")) == names


def test_results_that_cannot_be_written_are_told(runs):
    """The points are shown all the same; the exit code tells whoever waits for the file, though all is passed."""
    run = runs["results nowhere"]

    assert run["code"] == 4
    assert "The results could not be written" in words(run)
    assert "Total: 15/15 points" in run["output"]


def test_why_a_submission_cannot_be_read_is_written(runs, folders):
    """The file has the sentence that pytest says after its own word for a wrong command line."""
    said = (folders / "refusal").read_text(encoding="utf-8")

    assert runs["refused"]["code"] == 4
    assert "108_initialization.ipynb cannot be read" in said
    assert f"ERROR: {said}" in runs["refused"]["output"]


def test_wrong_options_refuse_no_submission(runs, folders):
    """An exercise that is not there is no reason against the student's work, and no file gives it as one."""
    assert runs["wrong exercise, no refusal"]["code"] == 4
    assert not (folders / "no-refusal").exists()


def test_a_selection_of_checks_reports_those_alone(runs, folders):
    """With pytest's own `-k`, what was not asked for is not reported as interrupted."""
    found = json.loads((folders / "one.json").read_text(encoding="utf-8"))

    assert runs["one check"]["code"] == 0
    assert [check["id"] for check in found["checks"]] == ["108.1.dense_fans"]


def test_nothing_in_the_submissions_folder_is_loaded_by_the_judge(runs, folders):
    """Neither its conftest.py nor its pytest.ini, nor modules named like the standard library's."""
    assert runs["trap"]["code"] == 0
    assert "Total: 15/15 points" in runs["trap"]["output"]
    assert not (folders / "sprung").exists()


def test_the_judging_process_never_imports_what_the_students_code_imports(runs):
    """TensorFlow, Keras and the kit stay in the worker, in every one of these runs."""
    assert [name for name, run in runs.items() if run["loaded"]] == []


def test_each_run_starts_one_worker_at_most(runs):
    """And none when the options are wrong."""
    assert {run["workers"] for run in runs.values()} <= {0, 1}
    assert runs["right"]["workers"] == 1


def test_the_untouched_lesson_earns_nothing_and_starts_nothing(runs):
    """Every check is not run, names the function to be written, and no worker is started for it."""
    run = runs["untouched"]

    assert run["code"] == 1
    assert "Total: 0/100 points" in run["output"]
    assert words(run).count("is still to be written.") == len(re.findall("^ *· ", run["output"], re.MULTILINE)) == 44
    assert not [word for word in ("Traceback", "INTERNALERROR", "raised", "✘") if word in run["output"]]
    assert run["workers"] == 0


def test_the_real_worker_gives_the_same_points(folders):
    """Once with the real TensorFlow, as a student runs it."""
    arguments = ["--submission", str(folders / "swapped"), "--exercise", "1", "--seed", "7", "--lang", "en"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "grader", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert "Total: 11/15 points" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
