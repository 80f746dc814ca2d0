"""What a training leaves after each epoch: changes that tell where it was, and where it goes on."""

import keras
import numpy as np
import pytest

import kit
from data.checkpoints import Changes


@pytest.fixture(scope="module")
def data():
    """Images for three batches."""
    return kit.subset(kit.load_fashion_mnist(), n_train=80, n_val=32)


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """A folder as that of a notebook."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def trained_with(name, data, epochs, seed=3):
    """A small network's history, weights and changes after a training that keeps checkpoints."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    checkpoints = kit.Checkpoints(name)
    history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, checkpoints=checkpoints)
    return history, model.get_weights(), checkpoints.changes


def same(first, second):
    """Whether two trainings are the same to the bit."""
    arrays = ([*weights, *changes["codes"], changes["steps"]] for _, weights, changes in (first, second))
    return first[0] == second[0] and all(np.array_equal(a, b) for a, b in zip(*arrays, strict=True))


@pytest.mark.parametrize("before", [1, 3, 4])
@pytest.mark.usefixtures("beside")
def test_an_interrupted_training_goes_on_to_the_same_end(before, data, capsys):
    """After one, three or all of four epochs: history, weights and changes are the same to the bit."""
    whole = trained_with("entera", data, 4)
    trained_with("rota", data, before)
    capsys.readouterr()

    again = trained_with("rota", data, 4)

    assert same(again, whole)
    assert f"{before} de 4 épocas ya estaban hechas" in "".join(capsys.readouterr())


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b"PK"), lambda p: p.write_bytes(p.read_bytes()[:5000])])
def test_a_damaged_checkpoint_begins_anew(spoil, data, beside):
    """Half a file, or none that can be read, costs time and nothing else."""
    whole = trained_with("entera", data, 2)
    trained_with("rota", data, 1)
    spoil(beside / "progreso" / "rota.npz")

    assert same(trained_with("rota", data, 2), whole)


@pytest.mark.parametrize("other", [{"seed": 4}, {"epochs": 1}])
@pytest.mark.usefixtures("beside")
def test_another_training_does_not_go_on_from_a_checkpoint(other, data):
    """It belongs to its initial weights and batches, and to no shorter training."""
    trained_with("una", data, 2)
    given = {"epochs": 2, "seed": 3} | other

    again = trained_with("una", data, **given)

    assert same(again, trained_with("otra", data, **given))


def test_where_nothing_can_be_written_the_training_goes_on(data, beside, capsys):
    """It says so once."""
    (beside / "progreso").write_text("no es una carpeta")

    history, _, changes = trained_with("una", data, 2)

    assert (len(history["loss"]), len(changes["steps"])) == (2, 2)
    assert capsys.readouterr().out.count("El avance no se puede guardar") == 1


@pytest.mark.usefixtures("beside")
def test_an_optimizer_that_remembers_is_refused(data):
    """Its memory is not in a checkpoint, so the training could not go on to the same end."""
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])

    with pytest.raises(ValueError, match="usa SGD sin momentum"):
        kit.train(model, data, batch_size=32, epochs=1, seed=1, checkpoints=kit.Checkpoints("x"))


@pytest.mark.usefixtures("beside")
def test_changes_add_up_to_the_weights(data):
    """Each checkpoint is the network's weights up to the rounding of its last change."""
    keras.utils.set_random_seed(3)
    start = keras.Sequential([keras.Input((784,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(10, "softmax")])

    _, weights, changes = trained_with("una", data, 5)

    *_, last = Changes(changes["codes"], changes["steps"]).checkpoints(start.get_weights())
    for array, expected, step in zip(last, weights, changes["steps"][-1], strict=True):
        np.testing.assert_allclose(array, expected, atol=0.51 * step)


@pytest.mark.usefixtures("beside")
def test_fit_takes_checkpoints_too(data):
    """As one of its callbacks; the order of its batches is not known."""
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")])
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    checkpoints = kit.Checkpoints("x")

    model.fit(data.x_train, data.y_train, epochs=2, verbose=0, callbacks=[checkpoints])

    assert (len(checkpoints.changes["steps"]), checkpoints.changes["seed"]) == (2, -1)


@pytest.mark.parametrize("written", ["ana núñez", " Ana  Núñez", "ANA NÚÑEZ", "ana nu\u0301n\u0303ez"])
def test_an_identifier_gives_one_seed_however_it_is_written(written):
    """Spaces, case and accents in one or two characters make no other student."""
    assert kit.homework_seed(written) == kit.homework_seed("Ana Núñez") != kit.homework_seed("Ana Nuñez")
