"""The system's own limits on a worker, behind the judge's watch."""

import subprocess
import sys

import pytest

RESERVE = """
import mmap
from grader.isolation import sandbox

sandbox.set_limits()
mmap.mmap(-1, {size}, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are isolated on Linux only")
@pytest.mark.parametrize(("size", "is_there"), [(32 * 2**30, True), (512 * 2**30, False)], ids=["32", "512"])
def test_a_worker_has_few_addresses(size, is_there):
    """Ten times what a training reserves, and not so many that their page tables fill the machine."""
    done = subprocess.run([sys.executable, "-c", RESERVE.format(size=size)], stderr=subprocess.PIPE, check=False)

    assert (done.returncode == 0) is is_there
    assert (b"Cannot allocate memory" in done.stderr) is not is_there
