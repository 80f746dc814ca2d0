"""The homework's protocol has one source: what is changed there changes in the kit, the judge and the lesson's text."""

import json
import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from data.fashion_mnist import load_split
from data.homework import homework_of
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.lesson import ROOT
from solutions import generate

KEY = "108_initialization"
FILE = f"data/homework/{KEY}.toml"
CHANGED = {
    "units": [30, 20, 10],
    "activation": "tanh",
    "initializers": ["glorot_normal", "he_normal", "he_uniform"],
    "learning_rate": 0.25,
    "batch_size": 77,
    "epochs": 13,
    "validation_size": 4321,
    "min_gap": 0.75,
    "max_norm_ratio": 33.0,
}
LOSSES = {"glorot": 0.91, "he": 0.72}
PHRASES = {
    "units": ["Entrena la red `[30, 20, 10]`"],
    "learning_rate": ["aprendizaje de 0.25", "**SGD 0.25, "],
    "batch_size": ["con lotes de 77", "lotes de 77**"],
    "epochs": ["a Glorot después de 13 épocas?", "historias tienen 13 épocas", "las mismas 13 épocas"],
    "min_gap": ["supera a Glorot por 0.75 puntos"],
    "max_norm_ratio": ["difieren en un factor de 33 como máximo"],
}
ASK = f"""
import json
import kit, msgspec
from grader.checks.lesson_108_initialization.homework_file import claimed, images
from grader.checks.lesson_108_initialization.homework_file.protocol import LARGEST_FINAL_LOSS, PROTOCOL
from solutions import generate

cells = json.loads(generate.student_notebook(generate.SOLUTIONS / "{KEY}.py"))["cells"]
print(json.dumps({{
    "kit": kit.HOMEWORK._asdict(),
    "judge": msgspec.to_builtins(PROTOCOL),
    "losses": msgspec.to_builtins(LARGEST_FINAL_LOSS),
    "sizes": [len(kit.load_fashion_mnist().x_val), len(images.validation_images()[0])],
    "recipe": [PROTOCOL.recipe.optimizer.rate, PROTOCOL.recipe.batch_size, PROTOCOL.recipe.activation],
    "text": [" ".join("".join(cell["source"]).split()) for cell in cells if cell["cell_type"] == "markdown"],
}}))
"""


def line(name, value):
    """A line of the file."""
    return f"{name} = {json.dumps(value)}"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What kit, judge and text say in a copy of the tree whose protocol is another one."""
    root = tmp_path_factory.mktemp("tree")
    for folder in ("grader", "lessons/kit", "solutions", "data/homework", "data/quizzes"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    for path in (ROOT / "data").glob("*.py"):
        shutil.copy(path, root / "data")
    (root / "data" / "fashion-mnist").symlink_to(ROOT / "data" / "fashion-mnist")
    tables = {"protocol": CHANGED, "largest_final_loss": LOSSES, "artifact": tomllib.loads(source())["artifact"]}
    lines = [text for name, table in tables.items() for text in (f"[{name}]", *(line(*item) for item in table.items()))]
    (root / FILE).write_text("\n".join(lines), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(root), str(root / "lessons")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def source():
    """The file as it is."""
    return (ROOT / FILE).read_text(encoding="utf-8")


def test_every_fact_is_changed():
    """A number that is added to the file is added to these tests."""
    tables = tomllib.loads(source())

    assert tables.keys() == {"artifact", "protocol", "largest_final_loss"}
    for table, changed in (("protocol", CHANGED), ("largest_final_loss", LOSSES)):
        assert tables[table].keys() == changed.keys()
        assert all(tables[table][name] != value for name, value in changed.items())


@pytest.mark.parametrize("name", CHANGED)
def test_kit_and_judge_follow(name, told):
    """Both read the one file."""
    assert told["kit"][name] == told["judge"][name] == CHANGED[name]


def test_what_is_made_of_the_protocol_follows(told):
    """The validation sets, the judge's recipe and its limits."""
    assert told["sizes"] == [CHANGED["validation_size"]] * 2
    assert told["recipe"] == [CHANGED["learning_rate"], CHANGED["batch_size"], CHANGED["activation"]]
    assert told["losses"] == LOSSES


@pytest.mark.parametrize("name", PHRASES)
def test_the_lessons_text_follows(name, told):
    """Each phrase holds the new number."""
    text = "\n".join(told["text"])

    assert all(phrase in text for phrase in PHRASES[name])


def test_no_number_of_the_protocol_is_written_out_in_the_homeworks_text():
    """They are placeholders in the solution; the rows of other protocols are measurements."""
    solution = (ROOT / "solutions" / f"{KEY}.py").read_text(encoding="utf-8")
    homework = solution[solution.index("# ## Tarea.") : solution.index("# ## Errores comunes")]
    written = [line for line in homework.splitlines() if line.startswith("# ") and not line.startswith("# | SGD")]

    for phrase in ("20 épocas", "0.001", "256", "0.5 punt", "factor de 10", "0.85", "0.68", "[300"):
        assert not [line for line in written if phrase in line]


def test_what_else_the_lesson_repeats_is_the_protocols():
    """Placeholders are numbers in texts; signatures, shapes, sizes and names are compared here."""
    text = generate.student_notebook(ROOT / "solutions" / f"{KEY}.py")
    first, images = PROTOCOL.units[0], len(load_split("train")[0])

    assert f"def train_homework(data, kernel_initializer, seed, epochs={PROTOCOL.epochs}):" in text
    assert f"math.sqrt((784 + {first}) / 784)" in text
    assert f"√({784 + first} / 784)" in text
    assert f'["initial_weights"][0]  # (784, {first})' in json.loads(json.dumps(text)).replace('\\"', '"')
    assert f"las {images - PROTOCOL.validation_size:,} imágenes" in text
    assert f"Las últimas {PROTOCOL.validation_size:,}" in text
    assert "con `{}`, `{}` y `{}`, y".format(*PROTOCOL.initializers) in text
    assert f"`{list(PROTOCOL.units)}` con {PROTOCOL.activation} tres veces".casefold() in text.casefold()


@pytest.mark.parametrize("marker", ["{{protocol.epoch}}", "{{protokoll.epochs}}"])
def test_a_fact_that_is_not_there_stops_the_generator(marker):
    """With the marker and the file in which it is missing."""
    tables = homework_of(KEY).tables

    with pytest.raises(generate.SolutionError, match=rf"{marker} stands for nothing: {FILE}"):
        generate.with_facts(f"después de {marker} épocas", tables, KEY)
