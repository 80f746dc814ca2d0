"""The homework's file as a claim: a NumPy archive from a stranger, read without NumPy's loader and without pickle.

Format (written by ``kit.save_homework``, and here of what a grader had trained): ``meta`` holds JSON as uint8;
``<initializer>/<initial|final>/<i>`` are float32 arrays in ``get_weights()`` order; from schema 2 on,
``<initializer>/codes/<i>`` (int8) and ``<initializer>/steps`` (float32) tell their changes in each epoch, as
data/checkpoints.py has them. Everything is held to limits before it is unpacked.
"""

from __future__ import annotations

import io
import lzma
import math
import tokenize
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.lib import format as npy

from data.homework import HISTORY_KEYS
from grader.arrays import Array
from grader.checks.lesson_108_initialization.homework_file.protocol import LESSON, PROTOCOL
from grader.judge import expect
from grader.judge.artifacts import ArtifactFormat, Origin
from grader.judge.check import Unanswered
from grader.language import visible
from grader.language.messages import T, Text, Told
from grader.results import Outcome

SCHEMA = 2
STAGES = ("initial", "final")
SIGNATURE = "pytest grader"
MAX_MEMBERS = 200
ENTRY = b"PK\x01\x02"  # begins each member's entry in the list of a zip
MAX_MEMBER_BYTES = 8 * 2**20
MAX_TOTAL_BYTES = 32 * 2**20
MAX_HEADER_BYTES = 4096
CODES, STEPS = "codes", "steps"
DAMAGED = (  # what zipfile, its decompressors and NumPy's reader of headers raise on bytes that somebody made up
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, NotImplementedError),
    *(TypeError, MemoryError, SyntaxError, tokenize.TokenError, Warning),
)


class Meta(msgspec.Struct, frozen=True):
    """What the file says about itself. ``code`` is the fingerprint of the code that a grader trained, else empty."""

    schema: int
    lesson: str
    student_id: str
    seed: int
    histories: dict[str, Any]
    versions: dict[str, str] = {}
    code: str = ""


@dataclass(frozen=True)
class Homework:
    """A homework as claimed: nothing in it has been checked but its form.

    ``arrays[initializer, part]`` are the initial and final weights and the codes of their changes, each a list;
    ``steps[initializer]`` are those of the codes.
    """

    meta: Meta
    arrays: dict[tuple[str, str], list[Array]]
    steps: dict[str, Array]


def trained_by(content: bytes) -> str:
    """The fingerprint in a file's ``meta``; empty if it has none or cannot be read."""
    try:
        return read(content).meta.code
    except Unanswered:
        return ""


def read(content: bytes) -> Homework:
    """The homework in a file's bytes.

    Raises:
        Unanswered: the bytes are no such file; the text says why.

    """
    try:
        if content.count(ENTRY) > MAX_MEMBERS:  # zipfile would make an object of each
            raise _Refused(T("it has more than {limit} members", limit=MAX_MEMBERS))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive)
            arrays = {name: _array(archive, member, name) for name, member in members.items()}
        meta = msgspec.json.decode(arrays.pop("meta").tobytes(), type=Meta)
    except _Refused as refused:
        raise _unreadable(refused.text) from refused
    except KeyError as error:
        raise _unreadable(T("it lacks {name}", name="meta")) from error
    except DAMAGED as error:
        raise _unreadable(Text(visible.block(str(error).replace("{", "").replace("}", ""), 120))) from error
    steps = {name.partition("/")[0]: arrays.pop(name) for name in list(arrays) if name.split("/")[1:] == [STEPS]}
    return Homework(meta, _by_network(arrays), steps)


class _Refused(Told):
    pass


def _unreadable(reason: Text) -> Unanswered:
    return Unanswered(
        Outcome.ERROR,
        T("The homework's file cannot be read: {reason}. Write it again with kit.save_homework.", reason=reason),
    )


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise _Refused(T("it is packed in a way that NumPy does not use"))
    members = {info.filename.removesuffix(".npy"): info for info in infos}
    if len(members) < len(infos):
        raise _Refused(T("it has two members of one name"))
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL_BYTES or any(info.file_size > MAX_MEMBER_BYTES for info in infos):
        raise _Refused(T("it unpacks to {size} MB, more than a homework has", size=f"{total / 2**20:.0f}"))
    return members


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Array:
    with archive.open(member) as file:
        content = io.BytesIO(file.read(MAX_MEMBER_BYTES + 1))
    version = npy.read_magic(content)
    if version not in ((1, 0), (2, 0)):
        raise _Refused(T("{name} is in an unknown format", name=visible.block(name, 60)))
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # NumPy warns where a header is not what it writes itself
        shape, fortran, dtype = read_header(content, max_header_size=MAX_HEADER_BYTES)
    expected = _dtype(name)
    if dtype != expected or fortran or len(shape) > 4:
        raise _Refused(
            T("{name} should hold plain {expected} numbers", name=visible.block(name, 60), expected=expected.name)
        )
    data = content.read()
    if math.prod(shape) * expected.itemsize != len(data) or min(shape, default=1) < 0:
        raise _Refused(T("{name} does not have the size it announces", name=visible.block(name, 60)))
    return np.frombuffer(data, expected).reshape(shape)


def _dtype(name: str) -> np.dtype[Any]:
    if name == "meta":
        return np.dtype(np.uint8)
    return np.dtype(np.int8 if name.split("/")[1:2] == [CODES] else np.float32)


def _by_network(arrays: dict[str, Array]) -> dict[tuple[str, str], list[Array]]:
    found: dict[tuple[str, str], dict[int, Array]] = {}
    for name, array in arrays.items():
        parts = name.split("/")
        if len(parts) == 3 and parts[2].isdecimal() and len(parts[2]) < 4:
            found.setdefault((parts[0], parts[1]), {})[int(parts[2])] = array
    return {key: [members[i] for i in sorted(members)] for key, members in found.items()}


def pack(value: Any, origin: Origin) -> bytes:
    """The file of what ``run_homework`` returned, signed by the grader. Raises Mismatch for anything else."""
    results, histories = expect.mapping(value, PROTOCOL.initializers, "run_homework"), {}
    members: dict[str, Array] = {}
    for name in PROTOCOL.initializers:
        what = f'run_homework(…)["{name}"]'
        keys = ("history", *(f"{stage}_weights" for stage in STAGES), "checkpoints")
        parts = expect.mapping(results[name], keys, what)
        histories[name] = _history(parts["history"], f'{what}["history"]')
        for stage in STAGES:
            arrays = expect.arrays(parts[f"{stage}_weights"], f'{what}["{stage}_weights"]')
            members |= {f"{name}/{stage}/{i}": array.astype(np.float32) for i, array in enumerate(arrays)}
        members |= _changes(parts["checkpoints"], name, f'{what}["checkpoints"]')
    meta = Meta(SCHEMA, LESSON, SIGNATURE, origin.seed, histories, origin.versions, origin.code)
    members["meta"] = np.frombuffer(msgspec.json.encode(meta), np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, **members)  # type: ignore[arg-type]  # mypy takes members for the function's options
    return stream.getvalue()


def _changes(value: Any, name: str, what: str) -> dict[str, Array]:
    found = expect.mapping(value, (CODES, STEPS), what)
    codes = expect.arrays(found[CODES], f'{what}["{CODES}"]')
    steps = expect.array(found[STEPS], None, f'{what}["{STEPS}"]').astype(np.float32)
    return {f"{name}/{CODES}/{i}": array.astype(np.int8) for i, array in enumerate(codes)} | {f"{name}/{STEPS}": steps}


def _history(value: Any, what: str) -> dict[str, list[float]]:
    found = expect.mapping(value, HISTORY_KEYS, what)
    return {key: expect.array(found[key], None, f'{what}["{key}"]').tolist() for key in HISTORY_KEYS}


FORMAT = ArtifactFormat(made_by=trained_by, pack=pack)
