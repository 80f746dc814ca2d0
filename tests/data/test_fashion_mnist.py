import gzip
import hashlib
import struct
import tempfile

import numpy as np
import pytest

from data import fashion_mnist
from data.fashion_mnist import FOLDER, DataError, load_split
from grader.lesson import ROOT

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
COUNT, SIDE = 12, 3


def sha(content):
    """The sum as it stands in the files of sums."""
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def arrays():
    """Images and labels of a data set that fits the eye."""
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (COUNT, SIDE, SIDE), np.uint8), rng.integers(0, 10, COUNT, np.uint8)


@pytest.fixture
def folder(tmp_path, arrays):
    """The data set in the form of the course's: two packed IDX files and the sums of both forms."""
    packed, unpacked = [], []
    for name, array in zip(NAMES, arrays, strict=True):
        content = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
        small = gzip.compress(content)
        (tmp_path / f"{name}.gz").write_bytes(small)
        packed.append(f"{sha(small)}  {name}.gz\n")
        unpacked.append(f"{sha(content)}  {name}\n")
    (tmp_path / "SHA256SUMS").write_text("".join(packed))
    (tmp_path / "SHA256SUMS.uncompressed").write_text("".join(unpacked))
    return tmp_path


def test_images_and_labels_come_in_their_order(folder, arrays):
    """One row per image, and nothing scaled."""
    images, labels = load_split("train", folder)

    assert images.tolist() == arrays[0].reshape(COUNT, SIDE * SIDE).tolist()
    assert labels.tolist() == arrays[1].tolist()


def test_the_second_load_is_a_memory_map(folder):
    """Unpacked once; later loads take no memory of their own and need no packed file."""
    first = load_split("train", folder)
    for name in NAMES:
        (folder / f"{name}.gz").unlink()

    second = load_split("train", folder)

    assert all(isinstance(array, np.memmap) or isinstance(array.base, np.memmap) for array in second)
    assert [a.tolist() for a in first] == [a.tolist() for a in second]


def test_loaded_arrays_cannot_be_written(folder):
    """A lesson that scales in place would change everybody's data."""
    for _ in range(2):
        for array in load_split("train", folder):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"\xff" + b[1:], lambda _: b""])
def test_a_damaged_cache_is_made_again(damage, folder, arrays):
    """Cut, lengthened, changed or empty: the sums tell, and the packed file repairs it."""
    load_split("train", folder)
    cached = folder / "cache" / NAMES[0]
    cached.write_bytes(damage(cached.read_bytes()))

    images, _ = load_split("train", folder)

    assert images.tolist() == arrays[0].reshape(COUNT, -1).tolist()
    recorded = (folder / "SHA256SUMS.uncompressed").read_text()
    assert sha(cached.read_bytes()) in recorded


@pytest.mark.parametrize("damage", [lambda b: b[:-3], lambda b: b[:-9] + b"x" + b[-8:], lambda _: b"", lambda _: b"x"])
def test_a_damaged_file_is_named_with_its_cure(damage, folder):
    """Before anything is unpacked from it."""
    path = folder / f"{NAMES[0]}.gz"
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(DataError, match=rf"{NAMES[0]}\.gz is damaged.*git checkout"):
        load_split("train", folder)


def test_a_right_sum_of_wrong_content_is_damage_too(folder):
    """Both lists of sums must agree with what is there."""
    path, sums = folder / f"{NAMES[1]}.gz", folder / "SHA256SUMS"
    for content in (gzip.compress(b"other content"), b"no gzip at all"):
        old = sha(path.read_bytes())
        path.write_bytes(content)
        sums.write_text(sums.read_text().replace(old, sha(content)))

        with pytest.raises(DataError, match="is damaged"):
            load_split("train", folder)


@pytest.mark.parametrize("name", [f"{NAMES[0]}.gz", f"{NAMES[1]}.gz", "SHA256SUMS", "SHA256SUMS.uncompressed"])
def test_a_missing_file_is_named_with_its_cure(name, folder):
    """One sentence, and the command that brings it back."""
    (folder / name).unlink()

    with pytest.raises(DataError, match=rf"{name} is missing.*git checkout"):
        load_split("train", folder)


def test_sums_without_the_files_line_are_an_error(folder):
    """A file that nobody vouches for is not read."""
    (folder / "SHA256SUMS.uncompressed").write_text("")

    with pytest.raises(DataError, match="no line for"):
        load_split("train", folder)


def test_an_unreadable_file_is_named(folder, monkeypatch):
    """With the system's reason."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(fashion_mnist.Path, "read_bytes", refuse)

    with pytest.raises(DataError, match=r"cannot be read.*Permission denied"):
        load_split("train", folder)


def test_a_read_only_folder_costs_the_cache_and_nothing_else(folder, arrays, monkeypatch):
    """The data come from memory then."""

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)

    images, labels = load_split("train", folder)

    assert (images.shape, labels.tolist()) == ((COUNT, SIDE * SIDE), arrays[1].tolist())
    assert list((folder / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_a_folder_costs_nothing_else(folder):
    """A file of that name stays what it is."""
    (folder / "cache").write_text("mine")

    images, _ = load_split("train", folder)

    assert images.shape == (COUNT, SIDE * SIDE)
    assert (folder / "cache").read_text() == "mine"


def test_a_full_disk_leaves_no_half_file(folder, monkeypatch):
    """The temporary file goes away with the failure."""

    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fashion_mnist.Path, "replace", fail)

    images, _ = load_split("train", folder)

    assert images.shape == (COUNT, SIDE * SIDE)
    assert list((folder / "cache").iterdir()) == []


@pytest.mark.parametrize("split", ["validation", "", None, "../train"])
def test_other_splits_are_a_value_error(split, folder):
    """There are two."""
    with pytest.raises(ValueError, match=r"train.* or .*test"):
        load_split(split, folder)


@pytest.mark.parametrize(("split", "count"), [("train", 60_000), ("test", 10_000)])
def test_the_courses_data_are_fashion_mnist(split, count):
    """Sizes, types, and the balance of the classes."""
    images, labels = load_split(split)

    assert (images.shape, labels.shape, images.dtype) == ((count, 784), (count,), np.uint8)
    assert np.bincount(labels).tolist() == [count // 10] * 10


def test_the_mean_square_is_the_one_that_the_lessons_quote():
    """E[x²] = 0.206 over the training images, scaled to [0, 1]."""
    images, _ = load_split("train")

    assert np.square(images[::4] / 255).mean() == pytest.approx(0.206, abs=0.001)


def test_the_courses_files_have_the_recorded_sums():
    """All four, packed; nobody replaced one."""
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    recorded = {name: digest for digest, name in (line.split("  ") for line in lines)}

    assert len(recorded) == 4
    assert {name: sha((FOLDER / name).read_bytes()) for name in recorded} == recorded
    assert ROOT in FOLDER.parents
