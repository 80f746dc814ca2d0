"""What several test modules share: hypothesis' settings, the lesson, and one look at the real Keras."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

from grader.checks.lesson_108_initialization.homework_file import images, proof, schema_1
from grader.lesson import ROOT, Lesson
from tests.support.files import npz
from tests.support.lessons.claims_108_initialization import ROWS, honest_claims

settings.register_profile(
    "tests",
    max_examples=80,
    deadline=None,  # a loaded machine is no defect
    derandomize=True,  # the same examples for everyone; other ones with --hypothesis-seed
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("tests")

KERAS_SIDE = """
import json, sys
import keras, kit, numpy as np

folder, shape, draws = sys.argv[1], (400, 250), {}
for name in ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"):
    keras.utils.set_random_seed(1234)
    draws[name] = np.asarray(keras.initializers.get(name)(shape))
draws["random_normal"] = np.asarray(keras.initializers.RandomNormal(stddev=0.01)(shape))
np.savez(folder + "/draws.npz", **draws)

rng = np.random.default_rng(5)
shapes = [s for pair in zip((784, *kit.HOMEWORK.units[:-1]), kit.HOMEWORK.units) for s in (pair, pair[1:])]
student_id, results = "  Ñandú 7 ", {}
seed = kit.homework_seed(student_id)
for name in kit.HOMEWORK.initializers:
    initial = kit.initial_weights(name, seed)
    codes = [rng.integers(-127, 128, (20, *s), "int8") for s in shapes]
    results[name] = {
        "history": {key: rng.random(20).tolist() for key in ("loss", "accuracy", "val_loss", "val_accuracy")},
        "initial_weights": initial,
        "final_weights": [rng.normal(size=s).astype("float32") for s in shapes],
        "checkpoints": {"codes": codes, "steps": rng.random((20, 10), "float32"), "seed": seed},
    }
kit.save_homework(results, folder + "/108_homework.npz", student_id, code="abc")
x, y = np.arange(12.0).reshape(6, 2), np.arange(6)
order = [[int(v) for v in batch[1]] for batch in kit.epoch_batches(x, y, 4, 77)]
expected = {n: {stage: [float(a.sum()) for a in r[stage + "_weights"]] for stage in ("initial", "final")}
            for n, r in results.items()}
print(json.dumps({"order": order, "sums": expected, "histories": {n: r["history"] for n, r in results.items()}}))
"""


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """NumPy's matrices are small here: threads that wait for each other on a busy machine take longer than the work."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def lesson():
    """The lesson that most tests grade."""
    return Lesson("108_initialization")


@pytest.fixture(scope="session")
def keras_side(tmp_path_factory):
    """A folder with kernels that Keras drew and a homework that the kit saved, and what the kit said about them."""
    folder = tmp_path_factory.mktemp("keras")
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    ran = subprocess.run(
        [sys.executable, "-c", KERAS_SIDE, str(folder)],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "lessons")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return Path(folder), json.loads(ran.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def fewer_images():
    """The homework's training set is a few thousand images, so that a training takes a moment."""
    with pytest.MonkeyPatch.context() as patch:
        x, y = images.training_images()
        for module in (proof, schema_1):
            patch.setattr(module, "training_images", lambda: (x[:ROWS], y[:ROWS]))
        yield x[:ROWS], y[:ROWS]


@pytest.fixture(scope="module")
def claims(fewer_images):
    """A homework's arrays and histories as an honest student has them."""
    return honest_claims(*fewer_images)


@pytest.fixture(scope="module")
def right_file(claims):
    """The honest homework's bytes."""
    weights, histories = claims
    return npz(weights, histories=histories)
