import copy
import io
import json
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.homework import homework_seed
from grader.checks.lesson_108_initialization import artifact
from grader.checks.lesson_108_initialization.artifact import Homework
from grader.judge.artifacts import Origin
from grader.judge.check import Mismatch, Unanswered
from grader.language.messages import translator
from grader.results import Outcome
from tests.support.files import npz

HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
META = json.dumps({"schema": 1, "lesson": "x", "student_id": "x", "seed": 1, "histories": {}}).encode()


def npy(header, data=b"", version=(1, 0)):
    """A NumPy file with a header written by hand."""
    raw = header.encode("latin-1")
    size = struct.pack("<H" if version == (1, 0) else "<I", len(raw))
    return b"\x93NUMPY" + bytes(version) + size + raw + data


def npy_of(array):
    """A NumPy file as NumPy writes it."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array)
    return file.getvalue()


def zipped(members, compression=zipfile.ZIP_STORED):
    """An archive of these members and a meta, unless they bring their own."""
    members = {"meta.npy": npy_of(np.frombuffer(META, np.uint8))} | members
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_lying_size(content, name, size):
    """The archive with another unpacked size in the central directory and in the member's head."""
    raw = bytearray(content)
    for signature, offset, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        start = -1
        while (start := raw.find(signature, start + 1)) >= 0:
            if raw[start + name_at : start + name_at + len(name)] == name.encode():
                raw[start + offset : start + offset + 4] = struct.pack("<I", size)
    return bytes(raw)


def peak_of(read):
    """The most memory that reading takes, in bytes, and what it raises."""
    tracemalloc.start()
    try:
        read()
        error = None
    except Unanswered as unanswered:
        error = unanswered
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak, error


def said(content):
    """Why these bytes cannot be read, in English."""
    with pytest.raises(Unanswered) as unanswered:
        artifact.read(content)
    return unanswered.value.text.render(translator("en"))


@pytest.fixture
def whole():
    """The bytes of a small file in the right form."""
    return npz({"he_normal/initial/0": np.ones((3, 2), np.float32), "he_normal/initial/1": np.zeros(2, np.float32)})


def test_the_kits_file_is_read_as_it_was_saved(keras_side):
    """What kit.save_homework writes comes back: meta, histories, and every array in its place."""
    folder, said = keras_side

    found = artifact.read((folder / "108_homework.npz").read_bytes())

    meta = found.meta
    assert (meta.schema, meta.lesson, meta.student_id, meta.seed, meta.code) == (
        *(2, "108_initialization", "Ñandú 7", homework_seed("ñandú7"), "abc"),
    )
    assert {"python", "keras", "tensorflow", "numpy"} <= meta.versions.keys()
    assert meta.histories == said["histories"]
    assert {key: [float(a.sum()) for a in found.arrays[key]] for key in found.arrays if key[1] in artifact.STAGES} == {
        (name, stage): pytest.approx(sums) for name, stages in said["sums"].items() for stage, sums in stages.items()
    }
    assert [a.shape for a in found.arrays["he_normal", "final"]][:2] == [(784, 300), (300,)]
    assert [a.shape for a in found.arrays["he_normal", "codes"]][:2] == [(20, 784, 300), (20, 300)]
    assert found.steps["he_normal"].shape == (20, 10)


def results_of(said, folder):
    """What run_homework returned, of which the kit made its file."""
    found = artifact.read((folder / "108_homework.npz").read_bytes())
    return {
        name: {"history": history, "checkpoints": {"codes": found.arrays[name, "codes"], "steps": found.steps[name]}}
        | {f"{stage}_weights": found.arrays[name, stage] for stage in artifact.STAGES}
        for name, history in said["histories"].items()
    }


def test_what_a_grader_packs_is_the_kits_file(keras_side):
    """The same weights and histories, with the grader's seed and fingerprint."""
    folder, said = keras_side
    kits = artifact.read((folder / "108_homework.npz").read_bytes())

    found = artifact.read(artifact.pack(results_of(said, folder), Origin(7, "abc", {"keras": "3"})))

    assert (found.meta.schema, found.meta.lesson) == (kits.meta.schema, kits.meta.lesson)
    assert (found.meta.seed, found.meta.code, found.meta.versions) == (7, "abc", {"keras": "3"})
    assert found.meta.histories == kits.meta.histories
    assert found.arrays.keys() == kits.arrays.keys()
    for key, arrays in kits.arrays.items():
        assert all(map(np.array_equal, found.arrays[key], arrays))
    assert all(np.array_equal(found.steps[name], steps) for name, steps in kits.steps.items())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda r: r.pop("he_normal"), "`run_homework` lacks 'he_normal'"),
        (lambda r: r["he_normal"].pop("history"), "lacks 'history'"),
        (lambda r: r["he_normal"]["history"].pop("val_loss"), "lacks 'val_loss'"),
        (lambda r: r["he_normal"]["history"].update(loss=[1.0, float("nan")]), '["history"]["loss"]'),
        (lambda r: r["he_normal"].pop("checkpoints"), "lacks 'checkpoints'"),
        (lambda r: r["he_normal"]["checkpoints"].pop("steps"), "lacks 'steps'"),
        (lambda r: r["he_normal"].update(final_weights=[]), '["final_weights"]'),
        (lambda r: r["he_normal"].update(final_weights=[np.array(["x"])]), '["final_weights"][0]'),
    ],
)
def test_what_is_no_homework_is_not_packed(change, says, keras_side):
    """The part that is wrong is named."""
    folder, said = keras_side
    results = copy.deepcopy(results_of(said, folder))
    change(results)

    with pytest.raises(Mismatch) as mismatch:
        artifact.pack(results, Origin(7, "abc", {}))

    assert says in mismatch.value.text.render(translator("en"))


def test_arrays_come_in_the_order_of_their_numbers():
    """Array 10 follows array 9, not array 1."""
    members = {f"he_normal/final/{i}": np.full(1, i, np.float32) for i in range(12)}

    found = artifact.read(npz(members))

    assert [int(array[0]) for array in found.arrays["he_normal", "final"]] == list(range(12))


def test_the_fingerprint_is_that_of_the_meta(whole):
    """It tells a file that a grader trained from one that a student handed in; an unreadable file has none."""
    assert artifact.trained_by(npz({}, code="abc")) == "abc"
    assert artifact.trained_by(whole) == ""
    assert artifact.trained_by(b"nonsense") == ""


def test_reasons_are_said_in_both_languages():
    """One sentence that says what to do."""
    with pytest.raises(Unanswered) as unanswered:
        artifact.read(b"nonsense")

    assert unanswered.value.outcome is Outcome.ERROR
    for language in ("es", "en"):
        assert "kit.save_homework" in unanswered.value.text.render(translator(language))


@pytest.mark.parametrize(
    "array",
    [
        np.array([{"a": 1}], dtype=object),
        np.ones(2, np.float64),
        np.ones(2, ">f4"),
        np.ones(2, np.int32),
        np.ones(2, np.complex64),
        np.array(["x"]),
        np.asfortranarray(np.ones((2, 3), np.float32)),
        np.ones((1,) * 5, np.float32),
        np.array([(1,)], [("a", "<f4")]),
    ],
    ids=["object", "float64", "big-endian", "int", "complex", "text", "fortran", "five dimensions", "record"],
)
def test_only_plain_float32_is_read(array):
    """Other types, orders and ranks are refused, and pickles are never opened."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=True)

    with pytest.raises(Unanswered):
        artifact.read(zipped({"he_normal/initial/0.npy": file.getvalue()}))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0), (9, 9)])
@pytest.mark.parametrize(
    "header",
    [
        "",
        "None",
        "{}",
        "(((",
        "'''",
        "  x\n y\n",
        "-" * 3900 + "1",
        "[" * 3900,
        "1" * 4000,
        " " * 5000 + HEADER,
        HEADER.replace("(2,)", "(1L,)"),
        HEADER.replace("(2,)", "(-2,)"),
        HEADER.replace("(2,)", "(-1, -2)"),
        HEADER.replace("(2,)", "(True, 2)"),
        HEADER.replace("(2,)", "(2.0,)"),
        HEADER.replace("(2,)", "2"),
        HEADER.replace("(2,)", f"({2**70}, 0)"),
        HEADER.replace("(2,)", f"({2**40}, {2**40})"),
        HEADER.replace("'<f4'", "'|O'"),
        HEADER.replace("'<f4'", "'V1000000000'"),
        HEADER.replace("'<f4'", "'<f4,<f4'"),
        HEADER.replace("'<f4'", "[('a', 'O')]"),
        HEADER.replace("'<f4'", "__import__('os').abort()"),
        HEADER.replace("'<f4'", "'\x00'"),
    ],
)
def test_hostile_headers_are_refused(header, version):
    """Nothing in a header is evaluated, and no size in it is believed."""
    content = npy(header, b"\0" * 4, version)

    with pytest.raises(Unanswered):
        artifact.read(zipped({"he_normal/initial/0.npy": content}))


@pytest.mark.parametrize("version", [(3, 0), (1, 1), (0, 0)])
def test_a_version_of_numpys_format_that_is_not_known_is_refused(version):
    """The same header is read in the two versions that NumPy writes for arrays of numbers."""
    name = "he_normal/initial/0.npy"

    for known in ((1, 0), (2, 0)):
        found = artifact.read(zipped({name: npy(HEADER + "\n", bytes(8), known)}))
        assert found.arrays["he_normal", "initial"][0].tolist() == [0, 0]
    assert "unknown format" in said(zipped({name: npy(HEADER + "\n", bytes(8), version)}))


@given(st.text(st.characters(codec="latin-1"), max_size=80), st.binary(max_size=20), st.sampled_from([(1, 0), (2, 0)]))
def test_no_header_fails_in_another_way(header, data, version):
    """Random headers are refused, or read when they happen to be right."""
    content = zipped({"he_normal/initial/0.npy": npy(header, data, version)})

    try:
        found = artifact.read(content)
    except Unanswered:
        return

    assert isinstance(found, Homework)


@pytest.mark.parametrize(
    "meta",
    [
        b"",
        b"not json",
        b'"\xff\xfe"',
        b"[]",
        b"{}",
        META.replace(b'"seed": 1', b'"seed": "1"'),
        META.replace(b'"seed": 1', b'"seed": 1.5'),
        META.replace(b'"histories": {}', b'"histories": []'),
        META.replace(b'"histories": {}', b'"histories": {"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
        META.replace(b'"histories": {}', b'"histories": {"a": NaN}'),
    ],
)
def test_a_meta_that_is_not_the_documented_json_is_refused(meta):
    """Wrong types, missing entries, NaN, absurd nesting, no JSON at all."""
    with pytest.raises(Unanswered):
        artifact.read(zipped({"meta.npy": npy_of(np.frombuffer(meta, np.uint8))}))


def test_a_file_without_meta_is_refused():
    """Weights alone are no homework."""
    file = io.BytesIO()
    np.savez(file, a=np.ones(2, np.float32))

    with pytest.raises(Unanswered) as unanswered:
        artifact.read(file.getvalue())

    assert "meta" in unanswered.value.text.render(translator("en"))


def test_every_truncation_is_refused(whole):
    """Half a download is no homework."""
    for length in range(0, len(whole), 7):
        with pytest.raises(Unanswered):
            artifact.read(whole[:length])


@given(st.data())
def test_damaged_files_are_refused_or_read(data):
    """Changed bytes anywhere give a homework or a refusal, and nothing else."""
    raw = bytearray(npz({"he_normal/initial/0": np.ones((3, 2), np.float32)}))
    for position in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=6)):
        raw[position] = data.draw(st.integers(0, 255))

    try:
        found = artifact.read(bytes(raw))
    except Unanswered:
        return

    assert isinstance(found, Homework)


@given(st.data())
def test_damaged_directories_are_refused_or_read(data):
    """The same for the zip's directory alone, where sizes, offsets, flags and methods stand."""
    raw = bytearray(npz({"a": np.ones(2, np.float32)}))
    start = raw.index(b"PK\x01\x02")
    for position in data.draw(st.lists(st.integers(start, len(raw) - 1), min_size=1, max_size=6)):
        raw[position] = data.draw(st.integers(0, 255))

    try:
        found = artifact.read(bytes(raw))
    except Unanswered:
        return

    assert isinstance(found, Homework)


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(content):
    """They are no zip."""
    with pytest.raises(Unanswered):
        artifact.read(content)
    with pytest.raises(Unanswered):
        artifact.read(b"PK\x03\x04" + content)


@pytest.mark.parametrize("method", ["stored", "deflated"])
def test_numpys_own_compression_is_read(method, whole):
    """np.savez and np.savez_compressed both write homeworks."""
    kind = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}[method]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    found = artifact.read(zipped(members, kind))

    assert found.arrays["he_normal", "initial"][0].tolist() == [[1, 1]] * 3


@pytest.mark.parametrize("size", [artifact.MAX_MEMBER_BYTES + 1, 150 * 2**20])
def test_members_that_are_too_large_are_refused_unread(size):
    """A zip bomb says its size, and that is enough."""
    content = zipped({"a.npy": bytes(size)}, zipfile.ZIP_DEFLATED)

    peak, error = peak_of(lambda: artifact.read(content))

    assert error is not None
    assert peak < 8 * 2**20


def test_a_bomb_that_lies_about_its_size_is_cut():
    """Claiming few bytes does not let more of them in."""
    content = with_lying_size(zipped({"a.npy": bytes(100 * 2**20)}, zipfile.ZIP_DEFLATED), "a.npy", 1000)

    peak, error = peak_of(lambda: artifact.read(content))

    assert error is not None
    assert peak < 24 * 2**20


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_bombs_in_other_compressions_take_no_memory(method):
    """Python's zipfile unpacks bzip2 and LZMA without a limit, so no member in them may be opened."""
    content = with_lying_size(zipped({"a.npy": bytes(60 * 2**20)}, method), "a.npy", 1000)

    peak, error = peak_of(lambda: artifact.read(content))

    assert error is not None
    assert peak < 24 * 2**20


def test_the_limit_on_members_is_exact():
    """Two hundred with the meta are read, and one more is refused for their number."""
    one = npy_of(np.ones(1, np.float32))
    members = {f"he_normal/initial/{i}.npy": one for i in range(artifact.MAX_MEMBERS)}
    more = zipped(members)
    members.popitem()

    assert len(artifact.read(zipped(members)).arrays["he_normal", "initial"]) == artifact.MAX_MEMBERS - 1
    assert "it has more than 200 members" in said(more)


@pytest.mark.parametrize("limit", ["MAX_MEMBER_BYTES", "MAX_TOTAL_BYTES"])
def test_the_limits_on_sizes_are_exact(limit, whole, monkeypatch):
    """Of one member and of all: at the limit they are read, above it they are refused for their size."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        sizes = [member.file_size for member in archive.infolist()]
    monkeypatch.setattr(artifact, "MAX_MEMBER_BYTES", max(sizes))
    monkeypatch.setattr(artifact, "MAX_TOTAL_BYTES", sum(sizes))

    assert len(artifact.read(whole).arrays["he_normal", "initial"]) == 2
    monkeypatch.setattr(artifact, limit, getattr(artifact, limit) - 1)
    assert "more than a homework has" in said(whole)


def test_members_that_are_large_together_are_refused():
    """Each within its limit, and all of them not."""
    content = zipped({f"{i}.npy": bytes(artifact.MAX_MEMBER_BYTES) for i in range(9)}, zipfile.ZIP_DEFLATED)

    peak, error = peak_of(lambda: artifact.read(content))

    assert error is not None
    assert peak < 8 * 2**20


@pytest.mark.parametrize("second", ["he_normal/initial/0.npy", "he_normal/initial/0"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_with_two_members_of_one_name_is_refused(second):
    """Nobody could say which of the two was handed in."""
    file = io.BytesIO(zipped({"he_normal/initial/0.npy": npy_of(np.ones(2, np.float32))}))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(second, npy_of(np.zeros(2, np.float32)))

    with pytest.raises(Unanswered):
        artifact.read(file.getvalue())


def test_an_encrypted_file_is_refused(whole):
    """The grader has no password, and says so instead of failing."""
    raw = bytearray(whole)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := raw.find(signature, start + 1)) >= 0:
            raw[start + offset] |= 1

    with pytest.raises(Unanswered):
        artifact.read(bytes(raw))


@pytest.mark.parametrize(
    "name",
    [
        *("../../x", "/etc/passwd", "he_normal/initial/x", "he_normal/initial/-1", "a/b/c/d", "he_normal/initial/1000"),
        pytest.param("he_normal/initial/" + "9" * 5000, id="a number that Python does not read"),
    ],
)
def test_members_of_other_names_are_no_weights(name):
    """They are neither written anywhere nor taken for an array of a network."""
    found = artifact.read(zipped({f"{name}.npy": npy_of(np.ones(2, np.float32))}))

    assert found.arrays == {}
