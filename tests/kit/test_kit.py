"""The kit: data, batches, training, the homework's file, and the words it speaks to a student."""

import json
import subprocess
import sys

import keras
import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from data.fashion_mnist import load_split
from data.homework import PLACEHOLDER
from grader.lesson import ROOT, all_lessons
from kit import checking, progress, versions

LESSONS = ROOT / "lessons"


@pytest.fixture(scope="module")
def data():
    """All of Fashion-MNIST, loaded once."""
    return kit.load_fashion_mnist()


@pytest.fixture
def tiny(data):
    """A dataset that trains in a moment."""
    return kit.subset(data, n_train=64, n_val=32)


@pytest.fixture
def model():
    """A compiled network of one layer, always with the same weights."""
    keras.utils.set_random_seed(1)
    network = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, activation="softmax")])
    network.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


# Data


def test_the_kit_and_the_data_are_importable_from_the_lessons_folder():
    """A notebook started in lessons/ can import the kit, and the kit finds the data."""
    command = [sys.executable, "-c", "import kit, data.fashion_mnist; print(kit.HOMEWORK.epochs)"]

    done = subprocess.run(command, cwd=LESSONS, env={"PATH": ""}, capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "20", done.stderr


def test_images_are_floats_between_0_and_1(data):
    """Images are float32 rows of 784 values in [0, 1], labels are the ten classes."""
    assert data.x_train.shape == (55_000, 784)
    assert data.x_val.shape == (5_000, 784)
    assert data.x_train.dtype == np.float32
    assert (data.x_train.min(), data.x_train.max()) == (0.0, 1.0)
    assert sorted(set(data.y_train)) == list(range(len(kit.CLASS_NAMES)))


def test_validation_is_the_end_of_the_training_set(data):
    """The validation set is the last 5,000 training images, in their order."""
    images, labels = load_split("train")

    assert np.array_equal(np.rint(data.x_val * 255), images[-5000:])
    assert np.array_equal(data.y_val, labels[-5000:])


def test_the_test_set_has_ten_thousand_images():
    """The test set is scaled like the training set."""
    x, y = kit.load_test_set()

    assert (x.shape, y.shape) == ((10_000, 784), (10_000,))
    assert x.max() == 1.0


def test_a_subset_holds_rows_of_the_dataset_without_repetition():
    """A subset's images keep their labels and appear once."""
    numbered = kit.Dataset(np.arange(50.0)[:, None], np.arange(50), np.arange(20.0)[:, None], np.arange(20))

    small = kit.subset(numbered, n_train=30, n_val=20)

    assert len(set(small.y_train)) == 30
    assert np.array_equal(small.x_train[:, 0], small.y_train)
    assert np.array_equal(small.x_val[:, 0], small.y_val)


def test_a_subset_depends_on_the_seed_alone(data):
    """The same seed draws the same images, another seed draws others."""
    first, again, other = (kit.subset(data, 100, 50, seed) for seed in (1, 1, 2))

    assert np.array_equal(first.x_train, again.x_train)
    assert not np.array_equal(first.y_train, other.y_train)


@pytest.mark.parametrize("n_train", [0, 65])
def test_a_subset_larger_than_the_dataset_is_refused(tiny, n_train):
    """Asking for no examples, or for more than there are, says how many there are."""
    with pytest.raises(ValueError, match="entre 1 y 64"):
        kit.subset(tiny, n_train, 1)


# Batches


@given(n=st.integers(1, 40), batch_size=st.integers(1, 50), seed=st.integers(0, 2**32 - 1), epochs=st.integers(1, 4))
def test_each_epoch_is_the_next_permutation(n, batch_size, seed, epochs):
    """Epoch after epoch the batches are NumPy's successive permutations, cut every batch_size examples."""
    batches = kit.epoch_batches(np.arange(n), np.arange(n) + 100, batch_size, seed)
    rng = np.random.default_rng(seed)

    for _ in range(epochs):
        seen = list(batches)

        assert np.array_equal(np.concatenate([x for x, _ in seen]), rng.permutation(n))
        assert all(np.array_equal(y, x + 100) for x, y in seen)
        assert [len(x) for x, _ in seen[:-1]] == [batch_size] * (len(batches) - 1)


def test_keras_trains_on_those_permutations():
    """The first epoch of fit sees the first permutation, and a second fit goes on where the first one stopped."""
    seen = []

    class Spy(keras.Sequential):
        def train_step(self, batch):
            seen.extend(batch[0].numpy().ravel().astype(int))
            return super().train_step(batch)

    spy = Spy([keras.Input((1,)), keras.layers.Dense(1)])
    spy.compile("sgd", "mse", run_eagerly=True)
    batches = kit.epoch_batches(np.arange(7.0)[:, None], np.zeros((7, 1)), batch_size=3, seed=5)

    for epochs in (2, 1):
        spy.fit(batches, epochs=epochs, shuffle=False, verbose=0)

    rng = np.random.default_rng(5)
    assert seen == [index for _ in range(3) for index in rng.permutation(7)]


def test_batches_are_a_sequence_that_ends():
    """An index past the last batch raises IndexError."""
    batches = kit.epoch_batches(np.arange(5), np.arange(5), batch_size=2, seed=0)

    assert len(batches) == 3
    assert len(batches[2][0]) == 1
    with pytest.raises(IndexError, match="3 lotes"):
        batches[3]


def test_batches_of_unequal_lengths_are_refused():
    """Inputs and labels that do not match are refused before training."""
    with pytest.raises(ValueError, match="llegaron 3 y 4"):
        kit.epoch_batches(np.zeros(3), np.zeros(4), batch_size=2, seed=0)


def test_a_batch_size_of_zero_is_refused():
    """A batch holds at least one example."""
    with pytest.raises(ValueError, match="al menos 1"):
        kit.epoch_batches(np.zeros(3), np.zeros(3), batch_size=0, seed=0)


# Training


def test_training_returns_four_figures_per_epoch(model, tiny):
    """The history is a plain dictionary of lists of floats."""
    history = kit.train(model, tiny, batch_size=16, epochs=3, seed=0)

    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert all(len(values) == 3 and all(type(v) is float for v in values) for values in history.values())


def test_training_again_from_the_same_weights_gives_the_same_history(model, tiny):
    """Weights and seed decide the training."""
    start = model.get_weights()
    first = kit.train(model, tiny, batch_size=16, epochs=2, seed=0)
    model.set_weights(start)

    again = kit.train(model, tiny, batch_size=16, epochs=2, seed=0)

    assert again == first


def _one_neuron(labels):
    return "binary_crossentropy", [keras.layers.Dense(1, "sigmoid")], (labels > 4).astype(np.int64)


def _labels(labels):
    layers = [keras.layers.Dense(12, "relu"), keras.layers.BatchNormalization(), keras.layers.Dense(10, "softmax")]
    return "sparse_categorical_crossentropy", layers, labels


def _one_hot(labels):
    return "mse", [keras.layers.Dense(10, "softmax")], np.eye(10)[labels]


@pytest.mark.parametrize("task", [_labels, _one_hot, _one_neuron])
def test_training_is_that_of_fit(tiny, task):
    """Weights and history are those of fit with the same batches, the smaller last batches included."""
    keras.utils.set_random_seed(2)
    (loss, layers, y), (_, _, y_val) = task(tiny.y_train), task(tiny.y_val)
    own = keras.Sequential([keras.Input((784,)), *layers])
    other = keras.models.clone_model(own)
    other.set_weights(own.get_weights())
    for each in (own, other):
        each.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss, metrics=["accuracy"])

    history = kit.train(own, tiny._replace(y_train=y, y_val=y_val), batch_size=24, epochs=2, seed=0)

    batches = kit.epoch_batches(tiny.x_train, y, 24, seed=0)
    fitted = other.fit(batches, epochs=2, shuffle=False, verbose=0, validation_data=(tiny.x_val, y_val)).history
    assert set(history) == set(fitted)
    for name in fitted:
        np.testing.assert_allclose(history[name], fitted[name], rtol=1e-5)
    for mine, theirs in zip(own.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)


def test_training_is_that_of_a_loop_by_hand(tiny):
    """Each epoch's history is of that epoch alone, and the last one's is what the trained weights give."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(12, "tanh"), keras.layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    w1, b1, w2, b2 = model.get_weights()

    history = kit.train(model, tiny, batch_size=24, epochs=3, seed=0)

    def measured(x, y):
        h = np.tanh(x @ w1 + b1)
        z = h @ w2 + b2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return h, p, float(-np.log(p[np.arange(len(y)), y]).sum()), int((p.argmax(axis=1) == y).sum())

    expected = {name: [] for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
    batches = kit.epoch_batches(tiny.x_train, tiny.y_train, 24, seed=0)
    for _ in range(3):
        losses, hits = [], []
        for x, y in batches:
            h, p, loss, hit = measured(x, y)
            losses.append(loss)
            hits.append(hit)
            dz = (p - np.eye(10)[y]) / len(y)
            dh = (dz @ w2.T) * (1 - h**2)
            w2, b2, w1, b1 = w2 - 0.1 * h.T @ dz, b2 - 0.1 * dz.sum(0), w1 - 0.1 * x.T @ dh, b1 - 0.1 * dh.sum(0)
        _, _, val_loss, val_hit = measured(tiny.x_val, tiny.y_val)
        counts = (len(tiny.y_train), len(tiny.y_train), len(tiny.y_val), len(tiny.y_val))
        for name, total, count in zip(expected, (sum(losses), sum(hits), val_loss, val_hit), counts, strict=True):
            expected[name].append(total / count)
    for name in expected:
        np.testing.assert_allclose(history[name], expected[name], rtol=1e-4)


def test_progress_in_a_log_is_a_line_per_epoch(model, tiny, capsys):
    """Where nothing can be overwritten, every epoch leaves one line with its figures."""
    kit.train(model, tiny, batch_size=16, epochs=2, seed=0, title="prueba")

    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("prueba")]
    assert len(lines) == 2
    assert "época 2/2" in lines[1]
    assert "val_accuracy" in lines[1]


def test_progress_in_a_terminal_replaces_its_line(capsys, monkeypatch):
    """In a terminal the line is written over, and only the last one ends."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    write = progress.line_writer()

    write("uno", False)
    write("dos", True)

    assert capsys.readouterr().err == "\runo\x1b[K\rdos\x1b[K\n"


def test_progress_in_a_notebook_updates_one_output(monkeypatch):
    """In a notebook the cell shows one line, updated in place."""
    display = pytest.importorskip("IPython.display")
    shown = []

    class Handle:
        def update(self, content, raw):
            shown.append((content["text/plain"], raw))

    monkeypatch.setattr("IPython.get_ipython", lambda: type("Shell", (), {"kernel": object()})())
    monkeypatch.setattr(display, "display", lambda *_args, **_options: Handle())
    write = progress.line_writer()

    write("uno", False)
    write("dos", True)

    assert shown == [("uno", True), ("dos", True)]


# Homework


@pytest.fixture(scope="module")
def whole_results():
    """What run_homework returns for ``ana``: her initial weights, and what comes after them drawn at random."""
    rng, seed = np.random.default_rng(0), kit.homework_seed("ana")
    history = {key: [0.5, 0.25] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
    found = {}
    for name in kit.HOMEWORK.initializers:
        initial = kit.initial_weights(name, seed)
        codes = [rng.integers(-9, 10, (kit.HOMEWORK.epochs, *array.shape), np.int8) for array in initial]
        found[name] = {
            "history": history,
            "initial_weights": initial,
            "final_weights": [rng.standard_normal(array.shape).astype(np.float32) for array in initial],
            "checkpoints": {"codes": codes, "steps": rng.random((20, 10), np.float32), "seed": seed},
        }
    return found


@pytest.fixture
def results(whole_results):
    """The same for one test, to change what it likes."""
    return {name: dict(result) for name, result in whole_results.items()}


def test_what_is_saved_is_what_is_loaded(results, tmp_path):
    """The file gives back the student, the seed, the versions, the histories, every weight and every change."""
    path = kit.save_homework(results, tmp_path / "tarea.npz", " Ana ")

    loaded = kit.load_homework(path)

    assert (loaded["student_id"], loaded["seed"]) == ("Ana", kit.homework_seed("ana"))
    assert loaded["versions"]["keras"] == keras.__version__
    for name, result in results.items():
        assert loaded["results"][name]["history"] == result["history"]
        for stage in ("initial_weights", "final_weights"):
            saved = zip(loaded["results"][name][stage], result[stage], strict=True)
            assert all(np.array_equal(a, b) for a, b in saved)
        changes = loaded["results"][name]["checkpoints"]
        assert all(map(np.array_equal, changes["codes"], result["checkpoints"]["codes"]))
        assert np.array_equal(changes["steps"], result["checkpoints"]["steps"])


def test_the_file_keeps_to_its_format(results, tmp_path):
    """Anyone can read the file with NumPy and JSON alone: no pickle, float32 weights in get_weights() order."""
    path = kit.save_homework(results, tmp_path / "tarea.npz", "ana")

    with np.load(path, allow_pickle=False) as archive:
        meta = json.loads(archive["meta"].tobytes())
        kernel = archive["he_normal/initial/0"]
        members = set(archive.files)

    assert (meta["schema"], meta["lesson"]) == (2, "108_initialization")
    assert set(meta) == {"schema", "lesson", "student_id", "seed", "code", "versions", "histories"}
    assert set(meta["versions"]) == {"python", "numpy", "keras", "tensorflow"}
    assert (kernel.dtype, kernel.shape) == (np.float32, (784, 300))
    assert members == {"meta"} | {
        f"{name}/{part}/{i}" for name in results for part in ("initial", "final", "codes") for i in range(10)
    } | {f"{name}/steps" for name in results}


def test_a_failed_save_leaves_the_previous_file(results, tmp_path, monkeypatch):
    """When writing breaks off, the file of before is untouched and nothing else is left behind."""
    path = kit.save_homework(results, tmp_path / "tarea.npz", "ana")
    before = path.read_bytes()

    def broken(stream, **_members):
        stream.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", broken)
    with pytest.raises(OSError, match="disk full"):
        kit.save_homework(results, path, "ana")

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def without(name):
    """Take a result away."""
    return lambda results: results.pop(name)


def with_value(*keys, value):
    """Put a value where it does not belong, in copies of what is around it."""

    def spoil(results):
        place = results
        for key in keys[:-1]:
            place[key] = place = dict(place[key]) if isinstance(place[key], dict) else list(place[key])
        place[keys[-1]] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without("he_uniform"), "le falta he_uniform"),
        (with_value("he_normal", value=3), "debe ser un diccionario.*llegó int"),
        (with_value("he_normal", "history", value={"loss": [1.0]}), "le falta accuracy, val_loss, val_accuracy"),
        (with_value("he_normal", "history", "val_loss", value=0.5), "una lista de números.*llegó float"),
        (with_value("he_normal", "history", "val_loss", value=[float("nan")]), "no es finito"),
        (with_value("he_normal", "checkpoints", value={"codes": []}), "le falta steps, seed"),
        (with_value("he_normal", "checkpoints", "steps", value=[1.0]), "20 épocas; llegaron los de 1"),
        (with_value("he_normal", "checkpoints", "seed", value=42), "la semilla 42, y la de tu identificador es"),
        (with_value("he_normal", "checkpoints", "seed", value=-1), "con kit.train, no con fit"),
        (with_value("he_normal", "initial_weights", 0, value=np.ones((784, 300), np.float32)), "no son los que Keras"),
        (with_value("he_normal", "final_weights", value=[]), "10 arreglos.*llegó list de 0 elementos"),
        (with_value("he_normal", "final_weights", 3, value="sesgo"), r"\[3\] debe ser un arreglo.*llegó str"),
    ],
)
def test_results_that_are_not_complete_are_refused(results, tmp_path, spoil, message):
    """What is wrong with the results is said in Spanish before anything is written."""
    spoil(results)

    with pytest.raises(ValueError, match=message):
        kit.save_homework(results, tmp_path / "tarea.npz", "ana")

    assert not list(tmp_path.iterdir())


def test_live_variables_are_refused(results, model, tmp_path):
    """model.weights is not a copy; the message names the call that makes one."""
    results["he_normal"]["initial_weights"] = list(model.weights) * 5

    with pytest.raises(ValueError, match=r"Usa model.get_weights\(\)"):
        kit.save_homework(results, tmp_path / "tarea.npz", "ana")


def test_the_notebooks_placeholder_is_no_name(results, tmp_path):
    """The seed follows from the identifier, so what stands in the notebook at first is refused."""
    with pytest.raises(ValueError, match="Escribe tu identificador en lugar de"):
        kit.save_homework(results, tmp_path / "tarea.npz", PLACEHOLDER)


@pytest.mark.parametrize("student_id", ["", "  ", None, 7])
def test_a_homework_without_a_name_is_refused(results, tmp_path, student_id):
    """A student must sign the homework."""
    with pytest.raises(ValueError, match="student_id debe ser un texto no vacío"):
        kit.save_homework(results, tmp_path / "tarea.npz", student_id)


# Versions and checking


def test_versions_are_shown_in_one_line(capsys):
    """The banner is one line with the four versions."""
    kit.show_versions()

    (line,) = capsys.readouterr().out.splitlines()
    assert all(version in line for version in versions.versions().values())


def test_an_old_keras_is_pointed_out(capsys, monkeypatch):
    """With Keras 2 the banner says that results will differ."""
    monkeypatch.setattr(keras, "__version__", "2.15.0")

    kit.show_versions()

    assert "se escribieron para Keras 3" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("108", ["--lesson", "108"]),
        ("108.2", ["--lesson", "108", "--exercise", "2"]),
        ("108.tarea", ["--lesson", "108", "--exercise", "homework"]),
        ("108.homework", ["--lesson", "108", "--exercise", "homework"]),
        ("107.cuestionario", ["--lesson", "107", "--exercise", "quiz"]),
        ("107.quiz", ["--lesson", "107", "--exercise", "quiz"]),
        ("109", ["--lesson", "109"]),
        (" 109.Cuestionario ", ["--lesson", "109", "--exercise", "quiz"]),
    ],
)
def test_a_key_chooses_what_the_grader_checks(what, options):
    """The part after the dot chooses the exercise, in Spanish or as the grader calls it, in every lesson."""
    lessons = checking.lesson_numbers(LESSONS.parent / "grader" / "checks")

    assert checking.grader_arguments(what, lessons) == options


@pytest.mark.parametrize("what", ["", "1082", "108.", "106", "999.1", "tarea", "108.2.3", "108 2", 108, None])
def test_an_unknown_key_is_refused(what):
    """A key that names no lesson is refused with the lessons there are, and with examples that exist."""
    known = ", ".join(lesson.number for lesson in all_lessons())

    with pytest.raises(ValueError, match=rf"\({known}\).*108\.2.*108\.tarea"):
        kit.check(what)


def test_checking_streams_the_graders_output(capsys, monkeypatch):
    """Checking runs the grader in another process and shows what it prints, after a reminder to save."""
    ran = []
    popen = subprocess.Popen

    def fake(command, **options):
        ran.append((command, options["cwd"]))
        return popen([sys.executable, "-c", "print('veredicto: ñ')"], **options)

    monkeypatch.setattr(subprocess, "Popen", fake)
    kit.check("108.2")

    printed = capsys.readouterr().out
    ((command, folder),) = ran
    assert "guárdalo" in printed
    assert printed.endswith("veredicto: ñ\n")
    assert command[1:6] == ["-m", "pytest", "grader", "--submission", str(LESSONS)]
    assert folder == LESSONS.parent


def test_checking_without_the_grader_says_what_is_missing(tmp_path, monkeypatch):
    """A notebook copied out of the course cannot be checked, and the message says why."""
    monkeypatch.setattr(checking, "__file__", str(tmp_path / "lessons" / "kit" / "checking.py"))

    with pytest.raises(FileNotFoundError, match="copia completa del curso"):
        kit.check("108")


# Figures


def test_every_initializer_has_its_own_colour():
    """The colours of the course's initializers differ."""
    names = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_normal", "random_normal")

    assert len({kit.color_of(name) for name in names}) == len(names)


FIGURES = {
    "distributions": lambda: kit.plot_distributions(
        {"he_normal": np.arange(9.0), "otro": np.ones(4)}, "título", "peso"
    ),
    "profile": lambda: kit.plot_layer_profile({"he_normal": [1.0, 2.0], "red": [1.0, 0.5]}, "título", "varianza"),
    "accuracy": lambda: kit.plot_accuracy({"he_normal": {"val_accuracy": [0.5, 0.6]}}, "título"),
    "norms": lambda: kit.plot_norms({"he_normal": ([1.0, 2.0], [1.5, 2.5]), "he_uniform": ([1.0, 2.0], [1.5, 2.5])}),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figures_are_labelled_and_leave_pyplot_alone(draw):
    """Each panel has a title and names its axes, and Matplotlib's settings are as before."""
    settings = dict(mpl.rcParams)

    figure = draw()

    assert all(ax.get_title() and ax.get_xlabel() for ax in figure.axes)
    assert figure.axes[0].get_ylabel()
    assert dict(mpl.rcParams) == settings


def test_the_profile_draws_the_values_it_is_given():
    """A line per series, a point per layer, and the reference in the legend."""
    figure = kit.plot_layer_profile({"he_normal": [3.0, 4.0]}, "título", "varianza", reference=1.0)

    (ax,) = figure.axes
    assert ax.lines[0].get_xydata().tolist() == [[1.0, 3.0], [2.0, 4.0]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["he_normal", "referencia: 1"]


def test_the_norms_are_bars_before_and_after():
    """Each panel pairs a bar before training with one after, layer by layer."""
    figure = kit.plot_norms({"he_normal": ([1.0, 2.0], [1.5, 2.5])})

    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [1.0, 2.0, 1.5, 2.5]
