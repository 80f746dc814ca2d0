"""Train the same architecture from many starts at once, so that a comparison can afford an interval."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from .batching import epoch_batches
from .dataset import Dataset
from .progress import line_writer

Curves = dict[str, NDArray[np.float64]]


def train_many(
    models: Sequence[keras.Model],
    datasets: Sequence[Dataset],
    *,
    optimizer: keras.optimizers.Optimizer,
    batch_size: int,
    epochs: int,
    seeds: Sequence[int],
    loss: str = "sparse_categorical_crossentropy",
    title: str = "entrenamientos",
) -> Curves:
    """Train S classifiers side by side, each as ``kit.train`` would, and return the course of each.

    The kernels of the same layer are stacked into one array of shape (S, fan_in, fan_out), so that a step of all S
    costs little more than a step of one. No member sees another: the loss is the sum of theirs, and SGD and Adam work
    number by number. The models end with their trained weights.

    Args:
        models: S networks of Dense layers only, equal but for their weights; the last layer is a softmax, or one
            sigmoid neuron for two classes.
        datasets: one for each model, all of the same shapes; labels as ``loss`` wants them.
        optimizer: without clipping, which would mix the members; it is used up by the training.
        batch_size: training examples per step and member.
        epochs: passes over the training examples.
        seeds: of the order of the batches, one for each model.
        loss: the name of one of Keras' losses.
        title: what the progress line calls these trainings.

    Returns:
        ``loss`` and ``accuracy`` (means of the epoch's batches), ``val_loss`` and ``val_accuracy``, each of shape
        (S, epochs).

    Raises:
        ValueError: if the numbers of models, datasets and seeds differ, or a layer is not Dense.

    """
    if not len(models) == len(datasets) == len(seeds):
        raise ValueError(
            f"Hace falta un conjunto de datos y una semilla por red; llegaron {len(models)} redes, "
            f"{len(datasets)} conjuntos y {len(seeds)} semillas."
        )
    layers = models[0].layers
    if not all(isinstance(layer, keras.layers.Dense) for layer in layers):
        raise ValueError("train_many solo entrena redes formadas por capas Dense.")
    stacks = [keras.Variable(np.stack(same)) for same in zip(*(m.get_weights() for m in models), strict=True)]
    losses = _member_losses([layer.activation for layer in layers], stacks, keras.losses.get(loss))
    optimizer.build(stacks)
    x, y, x_val, y_val = (tf.constant(np.stack(part)) for part in zip(*datasets, strict=True))
    rows = [epoch_batches(np.arange(x.shape[1]), np.arange(x.shape[1]), batch_size, seed) for seed in seeds]
    step, write, curves = _training_step(losses, stacks, optimizer), line_writer(), _Recorder()
    for epoch in range(1, epochs + 1):
        batches = zip(*(list(order) for order in rows), strict=True)  # the same batch of every member, in turn
        seen = [step(*_pick(x, y, np.stack([chosen for chosen, _ in batch]))) for batch in batches]
        curves.add(*np.mean(seen, axis=0), *losses(x_val, y_val))
        write(f"{title}: época {epoch}/{epochs} de {len(models)} redes", epoch == epochs)
    for member, model in enumerate(models):
        model.set_weights([np.asarray(stack)[member] for stack in stacks])
    return curves.stacked()


class _Recorder:
    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *means: Any) -> None:
        self._rows.append(means)

    def stacked(self) -> Curves:
        columns = zip(("loss", "accuracy", "val_loss", "val_accuracy"), zip(*self._rows, strict=True), strict=True)
        return {name: np.stack(values, axis=1).astype(np.float64) for name, values in columns}


def _pick(x: Any, y: Any, rows: NDArray[Any]) -> tuple[Any, Any]:
    chosen = tf.constant(rows)  # (S, b)
    return tf.gather(x, chosen, batch_dims=1), tf.gather(y, chosen, batch_dims=1)


def _member_losses(
    activations: Sequence[Callable[[Any], Any]], stacks: Sequence[Any], loss: Callable[[Any, Any], Any]
) -> Callable[..., tuple[Any, Any]]:
    def losses(x: Any, y: Any) -> tuple[Any, Any]:
        """Mean loss and accuracy of each member, both of shape (S,)."""
        h = x  # (S, b, inputs)
        for f, kernel, bias in zip(activations, stacks[::2], stacks[1::2], strict=True):
            h = f(tf.matmul(h, kernel.value) + bias.value[:, None, :])  # (S, b, units)
        if h.shape[-1] == 1:
            y = y[..., None]  # (S, b, 1), as the outputs
        hits = tf.cast(_hits(y, h), tf.float32)
        return tf.reduce_mean(loss(y, h), axis=1), tf.reduce_mean(hits, axis=1)

    compiled: Callable[..., tuple[Any, Any]] = tf.function(losses, reduce_retracing=True)
    return compiled


def _hits(y: Any, outputs: Any) -> Any:
    """Whether each prediction is right, shape (S, b), for one sigmoid neuron, labels, or one-hot rows."""
    if outputs.shape[-1] == 1:
        return tf.equal(outputs[..., 0] > 0.5, y[..., 0] > 0)
    labels = tf.argmax(y, axis=-1) if y.shape.rank == outputs.shape.rank else tf.cast(y, tf.int64)
    return tf.equal(tf.argmax(outputs, axis=-1), labels)


def _training_step(
    losses: Callable[..., tuple[Any, Any]], stacks: Sequence[Any], optimizer: keras.optimizers.Optimizer
) -> Callable[..., Any]:
    def step(x: Any, y: Any) -> Any:
        """Update every member on its own batch; return loss and accuracy of each before the update, shape (2, S)."""
        with tf.GradientTape() as tape:
            member_losses, hits = losses(x, y)
            total = tf.reduce_sum(member_losses)
        optimizer.apply(tape.gradient(total, [stack.value for stack in stacks]))
        return tf.stack([member_losses, hits])

    compiled: Callable[..., Any] = tf.function(step, reduce_retracing=True)
    return compiled
