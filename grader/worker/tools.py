"""The grader's own functions that run inside the worker, called as tools: they build and measure, and judge nothing.

They run beside student code, so what they report is a claim like any other; checks compare it with what the judge
computes itself.
"""

from __future__ import annotations

import functools
import inspect
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import keras
import numpy as np

import kit
from grader.arrays import Array


def build_network(layers: Sequence[Sequence[Any]], activation: str) -> Any:
    """A Keras MLP with given weights: ``layers`` holds a kernel ``(fan_in, fan_out)`` and a bias for each layer."""
    model = keras.Sequential([keras.Input((layers[0][0].shape[0],))])
    for kernel, _ in layers[:-1]:
        model.add(keras.layers.Dense(kernel.shape[1], activation=activation))
    model.add(keras.layers.Dense(layers[-1][0].shape[1], activation="softmax"))
    model.set_weights([array for layer in layers for array in layer])
    return model


def predict(model: Any, x: Array) -> Array:
    """The model's outputs for a batch of shape ``(n, inputs)``."""
    return np.asarray(model(x, training=False))


def paths_of(model: Any) -> list[str]:
    """The paths of the model's trainable variables, in order."""
    return [str(variable.path) for variable in model.trainable_variables]


def weights_of(model: Any) -> list[Array]:
    """Copies of the model's weights, kernel and bias of each layer in turn."""
    return [np.array(array) for array in model.get_weights()]


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The defaults of the student's function, by the names of its parameters."""
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not each.empty}


def activation_values(get_activation: Callable[[str], Any], name: str, z: Array) -> Array:
    """What the activation that the student gives for ``name`` makes of pre-activations ``z``, as a tensor."""
    return np.asarray(get_activation(name)(keras.ops.convert_to_tensor(z)))


def seeded_kernels(
    get_initializer: Callable[[str], Any], scheme: str, shape: Sequence[int], seeds: Sequence[int]
) -> list[list[Array]]:
    """For each seed, set anew, the kernels that two initializers which the student gives for ``scheme`` draw."""
    drawn = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        pair = [keras.initializers.get(get_initializer(scheme)) for _ in range(2)]
        drawn.append([np.asarray(initializer(tuple(shape), dtype="float32")) for initializer in pair])
    return drawn


def seeded_weights(build: Callable[..., Any], seed: int, *args: Any) -> list[Array]:
    """The weights of the model that the student builds right after this seed."""
    keras.utils.set_random_seed(seed)
    return weights_of(build(*args))


def seeded_mlp(
    build_mlp: Callable[..., Any], seed: int, units: list[int], activation: str, initializer: str | float, ahead: int
) -> list[Array]:
    """The weights of the MLP that the student builds after this seed and after ``ahead`` initializers made since.

    Each initializer takes a seed of its own from Python's generator when it is made. A number is the standard deviation
    of a ``RandomNormal``.
    """
    given = initializer if isinstance(initializer, str) else keras.initializers.RandomNormal(stddev=initializer)
    keras.utils.set_random_seed(seed)
    for _ in range(ahead):
        keras.initializers.RandomNormal()
    return weights_of(build_mlp(units, activation, given))


def normal_weights(seed: int, sizes: Sequence[int], stddev: float, is_shared: bool) -> list[Array]:
    """The weights of an MLP with these sizes and ``RandomNormal`` kernels, drawn right after this seed.

    Each layer has an initializer of its own, or all of them one object.
    """
    keras.utils.set_random_seed(seed)
    initializers = [keras.initializers.RandomNormal(stddev=stddev) for _ in sizes[1:]]
    drawn = []
    for initializer, shape in zip(initializers, pairwise(sizes), strict=True):
        kernel = (initializers[0] if is_shared else initializer)(shape, dtype="float32")
        drawn += [np.asarray(kernel), np.zeros(shape[1], np.float32)]
    return drawn


def built_with_an_object(build_mlp: Callable[..., Any], name: str, units: list[int], inputs: int) -> list[Array]:
    """The weights of a network that the function builds with one initializer object for all its layers."""
    return weights_of(build_mlp(units, "relu", keras.initializers.get(name), input_dim=inputs))


def snapshot_then_change(snapshot_weights: Callable[[Any], Any], model: Any) -> Any:
    """What a snapshot holds after every weight of the model was doubled in place, as training would change them."""
    snapshot = snapshot_weights(model)
    for variable in model.weights:
        variable.assign(variable * 2 + 1)
    return snapshot


def with_parity(function: Callable[..., Any], tables: dict[int, list[Array]], *args: Any) -> Any:
    """What a function returns while ``make_parity`` gives these strings and labels, by their number of bits."""
    space = _names_around(function)
    written = space.get("make_parity")

    def make_parity(n_bits: int, n_samples: int, seed: int) -> tuple[Array, ...]:  # noqa: ARG001 - as lessons call it
        return tuple(array[: int(n_samples)].copy() for array in tables[int(n_bits)])

    space["make_parity"] = make_parity
    try:
        return function(*args)
    finally:
        space["make_parity"] = written


def _names_around(function: Callable[..., Any]) -> dict[str, Any]:
    """The module's names that a function reads, also through a partial or a wrapper."""
    while isinstance(function, functools.partial):
        function = function.func
    names: dict[str, Any] = inspect.unwrap(function).__globals__
    return names


def argument_after(function: Callable[[Any], Any], argument: Array) -> Array:
    """What an array holds after a function was called with it."""
    function(argument)
    return argument


def unsettle(seed: int) -> None:
    """Put the global random generators in a state that a seed set earlier does not explain."""
    keras.utils.set_random_seed(seed)


def random_draws() -> dict[str, list[float]]:
    """A few numbers from each global generator that initializers, shuffling and NumPy code draw from."""
    return {
        "python": [random.random() for _ in range(4)],  # noqa: S311 - the generator under test, not cryptography
        "numpy": [float(number) for number in np.random.random(4)],
        "keras": [float(number) for number in np.asarray(keras.initializers.RandomNormal()((4,)))],
        "tensorflow": _tensorflow_draws(),
    }


def _tensorflow_draws() -> list[float]:
    import tensorflow as tf

    return [float(number) for number in tf.random.normal((4,)).numpy()]


def echo(*values: Any) -> list[Any]:
    """What was given: a worker that cannot even do this is not fit to answer."""
    return list(values)


def homework_weights(initializer: str, seed: int) -> list[Array]:
    """The weights that lesson 108's homework starts from, as Keras draws them right after the seed."""
    return kit.initial_weights(initializer, seed)


def call_on_data_set(function: Callable[..., Any], seed: int) -> Any:
    """What the student's function returns for all of Fashion-MNIST and a seed."""
    return function(kit.load_fashion_mnist(), seed)
