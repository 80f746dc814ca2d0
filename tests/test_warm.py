"""The judge's side of the warm process, where it cannot be had."""

import pytest

from grader import warm as module
from grader.warm import Warm, WarmProcessGone


@pytest.fixture
def broken(monkeypatch, tmp_path):
    """An environment in which importing TensorFlow fails."""
    (tmp_path / "tensorflow.py").write_text("raise ImportError('libcudart is broken')")
    environment = module.environment()
    monkeypatch.setattr(module, "environment", lambda: environment | {"PYTHONPATH": str(tmp_path)})


@pytest.mark.usefixtures("broken")
def test_a_warm_process_that_does_not_start_says_why():
    """What TensorFlow's import raised is part of the reason, and no process is left."""
    with Warm("none") as warm, pytest.raises(WarmProcessGone, match="ImportError: libcudart is broken"):
        warm.start()

    assert not warm.alive
