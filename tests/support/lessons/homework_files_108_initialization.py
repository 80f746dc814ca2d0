"""The homework files of lesson 108 that sample submissions hand in: honest, cheating, damaged and hostile ones."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from data import checkpoints
from data.homework import homework_seed
from grader.checks.lesson_108_initialization.homework_file import images
from grader.files import write_whole
from grader.lesson import ROOT
from grader.mathematics import network
from tests.support.files import STUDENT
from tests.support.lessons.claims_108_initialization import flat, members

KEY = "108_initialization"
SEED = homework_seed(STUDENT)
DRAW = """
import os
import kit, numpy as np
drawn = {{f"{{name}}/{{i}}": a for name in {names} for i, a in enumerate(kit.initial_weights(name, {seed}))}}
np.savez({path!r} + ".tmp.npz", **drawn)
os.replace({path!r} + ".tmp.npz", {path!r})
"""
Layers = list[tuple[np.ndarray, np.ndarray]]
NETWORKS = ("glorot_uniform", "he_uniform", "he_normal")
SIZES = (784, 300, 200, 100, 50, 10)
EPOCHS = 20


@dataclass
class Homework:
    """A homework's content before it is packed; ``steps`` are a network's weights before and after each epoch."""

    steps: dict[str, list[Layers]]
    final: dict[str, Layers]
    histories: dict[str, dict[str, list[float]]]

    def pack(self, **meta: Any) -> bytes:
        """The file as ``kit.save_homework`` writes it; ``meta`` replaces what it says about itself."""
        said = {"schema": 2, "lesson": KEY, "student_id": STUDENT, "seed": SEED, "histories": self.histories} | meta
        packed = {"meta": np.frombuffer(msgspec.json.encode(said), np.uint8)}
        for name in NETWORKS:
            steps = self.steps[name]
            told = members(name, steps + [steps[-1]] * (EPOCHS + 1 - len(steps)))
            packed |= {member: array for member, array in told.items() if "/final/" not in member}
            packed |= {f"{name}/final/{index}": array for index, array in enumerate(flat(self.final[name]))}
        stream = io.BytesIO()
        np.savez(stream, **packed)
        return stream.getvalue()


def untrained(cache: Path) -> Homework:
    """Right initial weights, which are the final ones too, with the accuracies they have."""
    initial = drawn(cache)
    return Homework(
        {name: [layers] for name, layers in initial.items()},
        dict(initial),
        {name: history([layers]) for name, layers in initial.items()},
    )


def trained(cache: Path, epochs: int) -> Homework:
    """A homework after so many epochs of the protocol; its histories go on with the last values."""
    kept = _kept(cache, f"{epochs}-epochs")
    work = untrained(cache)
    if not kept.exists():
        found = {}
        for name in NETWORKS:
            steps = [work.steps[name][0], *train(work.steps[name][0], epochs)]
            found |= {f"{name}/{i}": np.stack(arrays) for i, arrays in enumerate(zip(*map(flat, steps), strict=True))}
        _keep(kept, found)
    with np.load(kept) as file:
        for name in NETWORKS:
            arrays = [file[f"{name}/{index}"] for index in range(10)]
            work.steps[name] = [network.pairs([each[epoch] for each in arrays]) for epoch in range(epochs + 1)]
            work.final[name] = work.steps[name][-1]
            work.histories[name] = history(work.steps[name][1:])
    return work


def drawn(cache: Path) -> dict[str, Layers]:
    """What Keras draws for the three networks with the seed of these files, in a process of its own."""
    kept = _kept(cache, "drawn")
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        code = DRAW.format(path=str(kept), names=NETWORKS, seed=SEED)
        path = os.pathsep.join((str(ROOT), str(ROOT / "lessons")))
        subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, check=True)
    with np.load(kept) as file:
        return {name: network.pairs([file[f"{name}/{index}"] for index in range(10)]) for name in NETWORKS}


def _kept(cache: Path, name: str) -> Path:
    code = b"".join(Path(file).read_bytes() for file in (__file__, network.__file__, checkpoints.__file__))
    return cache / f"{name}-{hashlib.sha256(code).hexdigest()[:12]}.npz"


def _keep(path: Path, arrays: dict[str, np.ndarray]) -> None:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, stream.getvalue())


def train(layers: Layers, epochs: int) -> Iterator[Layers]:
    """The network after each epoch of plain SGD(0.001), batches of 256, in the order of ``kit.epoch_batches``."""
    x, y = images.training_images()
    rng = np.random.default_rng(SEED)
    layers = [(kernel.copy(), bias.copy()) for kernel, bias in layers]
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 256):
            rows = order[start : start + 256]
            inputs = [x[rows], *network.hidden(layers, x[rows], "relu")]
            delta = network.predict(layers, x[rows]) - np.eye(10, dtype=np.float32)[y[rows]]
            delta /= np.float32(len(rows))
            for (kernel, bias), h in zip(reversed(layers), reversed(inputs), strict=True):
                above = delta @ kernel.T * (h > 0)
                kernel -= np.float32(1e-3) * (h.T @ delta)
                bias -= np.float32(1e-3) * delta.sum(axis=0)
                delta = above
        yield [(kernel.copy(), bias.copy()) for kernel, bias in layers]


def history(steps: list[Layers]) -> dict[str, list[float]]:
    """20 values per key: those of the networks after each epoch, the last one repeated."""
    found = [network.evaluate(layers, *images.validation_images()) for layers in steps]
    found += [found[-1]] * (EPOCHS - len(found))
    loss, accuracy = ([float(value) for value in values] for values in zip(*found, strict=True))
    return {"loss": loss, "accuracy": accuracy, "val_loss": loss, "val_accuracy": accuracy}


def honest(cache: Path) -> bytes:
    """All 20 epochs."""
    return trained(cache, EPOCHS).pack()


def one_epoch(cache: Path) -> bytes:
    """One epoch of 20; the histories repeat it, and every number in the file is true."""
    return trained(cache, 1).pack()


def glorot_left_untrained(cache: Path) -> bytes:
    """Glorot's final weights are its initial ones, with a true accuracy, after a true first epoch."""
    work = trained(cache, 1)
    work.final["glorot_uniform"] = work.steps["glorot_uniform"][0]
    true = history([work.steps["glorot_uniform"][0]])
    first = work.histories["glorot_uniform"]
    work.histories["glorot_uniform"] = {key: [first[key][0], *true[key][1:]] for key in true}
    return work.pack()


def claims_too_much(cache: Path) -> bytes:
    """He's accuracies are two points higher than those of its weights."""
    work = trained(cache, 1)
    for name in NETWORKS[1:]:
        work.histories[name]["val_accuracy"][-1] += 0.02
    return work.pack()


def glorots_called_he(cache: Path) -> bytes:
    """What is called He normal was drawn by Glorot normal, and trained honestly."""
    work = trained(cache, 1)
    rng = np.random.default_rng(SEED)
    start = network.new_network(SIZES[1:], "glorot_normal", SIZES[0], rng)
    steps = list(train(start, 1))
    work.steps["he_normal"], work.final["he_normal"] = [start, *steps], steps[-1]
    work.histories["he_normal"] = history(steps)
    return work.pack()


def glorot_and_he_swapped(cache: Path) -> bytes:
    """Glorot's and He uniform's networks under each other's name."""
    work = trained(cache, 1)
    for part in (work.steps, work.final, work.histories):
        part["glorot_uniform"], part["he_uniform"] = part["he_uniform"], part["glorot_uniform"]
    return work.pack()


def finals_swapped(cache: Path) -> bytes:
    """Final weights and the end of the histories swapped; initial weights and first epochs are where they belong."""
    work = trained(cache, 1)
    work.final["glorot_uniform"], work.final["he_uniform"] = work.final["he_uniform"], work.final["glorot_uniform"]
    a, b = work.histories["glorot_uniform"], work.histories["he_uniform"]
    for key in a:
        a[key], b[key] = [a[key][0], *b[key][1:]], [b[key][0], *a[key][1:]]
    return work.pack()


def weights_of_nan(cache: Path) -> bytes:
    """A training that diverged: NaN in the final weights."""
    work = untrained(cache)
    work.final["he_uniform"] = [(kernel * np.float32("nan"), bias) for kernel, bias in work.final["he_uniform"]]
    return work.pack()


def weights_of_other_shapes(cache: Path) -> bytes:
    """One layer too few, and a kernel that lies on its side."""
    work = untrained(cache)
    work.final["he_normal"] = work.final["he_normal"][:-1]
    work.steps["glorot_uniform"] = [[(kernel.T.copy(), bias) for kernel, bias in work.steps["glorot_uniform"][0]]]
    return work.pack()


def nineteen_epochs(cache: Path) -> bytes:
    """Histories one value short."""
    work = untrained(cache)
    for each in work.histories.values():
        each["val_loss"] = each["val_loss"][:-1]
    return work.pack()


def huge_numbers(cache: Path) -> bytes:
    """A history whose loss has 400 digits, written as JSON allows."""
    work = untrained(cache)
    work.histories["he_normal"]["val_loss"][0] = msgspec.Raw(b"1" + b"0" * 400)  # type: ignore[call-overload]
    return work.pack(seed=2**63 - 1)


def truncated(cache: Path) -> bytes:
    """Half a file, as an upload that broke off."""
    content = untrained(cache).pack()
    return content[: len(content) // 2]


def not_a_zip(_: Path) -> bytes:
    """Text under the name of the homework."""
    return "Mi tarea está en otro archivo, profe.".encode()


def pickled(_: Path) -> bytes:
    """Object arrays, whose unpickling would run code."""
    stream = io.BytesIO()
    np.savez(stream, **{"meta": np.array([_Loaded()], object), "glorot_uniform/initial/0": np.array([{}], object)})
    return stream.getvalue()


class _Loaded:
    def __reduce__(self) -> tuple[Any, ...]:
        return sys.exit, ("pickle from a homework was loaded",)


def zip_bomb(_: Path) -> bytes:
    """Members that unpack to gigabytes, and one that says it is small."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(8):
            archive.writestr(f"he_normal/final/{index}.npy", bytes(2**25))
        archive.writestr("meta.npy", b"{}")
    return stream.getvalue()


def lzma_member(_: Path) -> bytes:
    """A member in a compression that NumPy never writes, and damaged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("meta.npy", bytes(range(256)) * 8)
    content = bytearray(stream.getvalue())
    content[60:90] = b"\xff" * 30
    return bytes(content)


def header_bomb(_: Path) -> bytes:
    """A header that announces an array of 2^60 numbers."""
    return _with_header("{'descr': '|u1', 'fortran_order': False, 'shape': (1152921504606846976,), }")


def header_without_end(_: Path) -> bytes:
    """A header that is no Python, so that NumPy tries to read it as Python 2 wrote it."""
    return _with_header("{'descr': '|u1', 'fortran_order': False, 'shape': (4L, ((((")


def header_of_python_2(_: Path) -> bytes:
    """A header with Python 2's long integers, about which NumPy warns."""
    return _with_header("{'descr': '|u1', 'fortran_order': False, 'shape': (4L,), }")


def _with_header(header: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        content = header.encode()
        archive.writestr("meta.npy", b"\x93NUMPY\x01\x00" + len(content).to_bytes(2, "little") + content + bytes(4))
    return stream.getvalue()


ARTIFACTS: dict[str, Callable[[Path], bytes]] = {
    make.__name__: make
    for make in (
        *(honest, one_epoch, glorot_left_untrained, claims_too_much, glorots_called_he, glorot_and_he_swapped),
        *(finals_swapped, weights_of_nan, weights_of_other_shapes, nineteen_epochs, huge_numbers, truncated, not_a_zip),
        *(pickled, zip_bomb, lzma_member, header_bomb, header_without_end, header_of_python_2),
    )
}
