import errno
import json
import os

import msgspec
import pytest

from grader import files
from grader.results import CheckResult, OpenAnswer, Outcome, collect, read_json, write_json


def result(outcome, points=2.0, name="dense_fans"):
    """A check's result."""
    earned = points if outcome is Outcome.PASSED else 0
    return CheckResult(f"108.1.{name}", "1", outcome, earned, points, "" if earned else "Why.", "What.")


@pytest.fixture
def record():
    """A run with one check of each outcome."""
    checks = [result(outcome, points) for outcome, points in zip(Outcome, [2, 3, 1, 4, 0.5], strict=True)]
    return collect("108_initialization", "ñandú.ipynb", 7, checks, ["A notice."], {"keras": "3"})


def test_points_are_summed_and_a_grader_fault_leaves_its_own_open(record):
    """Only what passed earns; what the grader spoiled is neither earned nor lost."""
    assert (record.points, record.max_points, record.pending_points) == (2, 10.5, 0.5)
    assert not record.complete


def test_a_run_is_complete_when_everything_passed():
    """One check of any other outcome is enough to say no."""
    passed = result(Outcome.PASSED)

    assert collect("x", "x", 1, [passed, passed]).complete
    assert not any(collect("x", "x", 1, [passed, result(o)]).complete for o in Outcome if o is not Outcome.PASSED)


def test_sums_do_not_show_the_rounding_of_floats():
    """Ten tenths are one."""
    checks = [result(Outcome.PASSED, 0.1) for _ in range(10)]

    assert collect("x", "x", 1, checks).points == 1.0


def test_the_json_has_the_documented_keys(record, tmp_path):
    """Programs read the file by these names; a new meaning needs a new schema number."""
    write_json(record, tmp_path / "r.json")

    found = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))

    wanted = {"schema", "lesson", "submission", "seed", "points", "max_points", "checks"}
    assert wanted <= found.keys()
    assert (found["schema"], found["lesson"], found["seed"]) == (1, "108_initialization", 7)
    assert [set(check) for check in found["checks"]] == [
        {"id", "exercise", "outcome", "points", "max_points", "message", "sentence"}
    ] * len(Outcome)
    assert [c["outcome"] for c in found["checks"]] == ["passed", "failed", "error", "not_run", "grader_fault"]


def test_a_record_comes_back_as_it_was_written(record, tmp_path):
    """Reading is the inverse of writing."""
    write_json(record, tmp_path / "r.json")

    assert read_json(tmp_path / "r.json") == record


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"schema": 1}', b"\xff", b"[" * 100_000])
def test_what_is_no_record_is_refused(content, tmp_path):
    """Truncated and foreign files are a msgspec error and no half record."""
    (tmp_path / "r.json").write_bytes(content)

    with pytest.raises((msgspec.MsgspecError, RecursionError)):
        read_json(tmp_path / "r.json")


def test_open_answers_are_part_of_the_record(record, tmp_path):
    """By the names that the documentation has; a record from before there were any is read as one without."""
    answers = [OpenAnswer(1, "¿Por qué?", "Porque sí.", 2.0), OpenAnswer(2, "¿Y?", "", 3.0, 0.0, "Falta.")]
    write_json(msgspec.structs.replace(record, open_answers=answers), tmp_path / "new.json")
    new = json.loads((tmp_path / "new.json").read_bytes())
    old = {name: value for name, value in new.items() if name not in ("open_answers", "with_marks")}
    (tmp_path / "old.json").write_text(json.dumps(old))

    assert new["with_marks"] is False
    assert [list(each) for each in new["open_answers"]] == [
        ["number", "question", "answer", "max_points", "points", "comment"]
    ] * 2
    assert [each["points"] for each in new["open_answers"]] == [None, 0.0]
    assert read_json(tmp_path / "new.json").open_answers == answers
    assert read_json(tmp_path / "old.json") == record


def test_a_record_of_another_schema_is_refused(record, tmp_path):
    """Its fields may mean something else."""
    write_json(msgspec.structs.replace(record, schema=2), tmp_path / "r.json")

    with pytest.raises(msgspec.ValidationError, match="schema 2"):
        read_json(tmp_path / "r.json")


def test_writing_replaces_the_file_and_leaves_nothing_beside_it(record, tmp_path):
    """Readable by others, whatever the mode of a temporary file is."""
    path = tmp_path / "r.json"
    path.write_text("old")

    write_json(record, path)

    assert [entry.name for entry in tmp_path.iterdir()] == ["r.json"]
    assert path.stat().st_mode & 0o777 == 0o644
    assert read_json(path) == record


@pytest.mark.parametrize("step", ["fdopen", "fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_at_any_step_leaves_the_old_file_whole(step, error, record, tmp_path, monkeypatch):
    """A full disk, or Ctrl-C, costs the new file and never the old one; no temporary file stays."""
    path = tmp_path / "r.json"
    path.write_text("old")

    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(*((files.Path, "replace") if step == "replace" else (os, step)), fail)
    with pytest.raises(type(error)):
        write_json(record, path)

    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["r.json"]


def test_a_folder_that_is_not_there_is_an_oserror(record, tmp_path):
    """The caller tells the user where the results could not go, by the name that was asked for."""
    path = tmp_path / "missing" / "r.json"

    with pytest.raises(OSError, match="No such file") as refused:
        write_json(record, path)

    assert refused.value.filename == str(path)
