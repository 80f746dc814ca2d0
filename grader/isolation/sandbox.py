"""What a worker gives up for good before it runs student code (Linux).

Each layer stands alone, so that one that is missing on a machine, or broken one day, leaves the others:

    namespaces   own user, pid, network, IPC and mount namespaces: no other process to see, no network interface
    scratch      a root folder of its own (root.py): what may be read, and a small tmpfs to write, then gone
    landlock     files: the same once more, for opening them
    seccomp      system calls (system_calls.py): no processes, sockets, signals to others, tracing, mounts, keys
    limits       CPU seconds, file size, descriptors, core dumps; no privileges

Order matters: namespaces need rights that landlock and seccomp take away.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from grader.lesson import ROOT

SCRATCH_BYTES = 256 * 2**20
SCRATCH_FILES = 4096
DESCRIPTORS = 512
THREADS = 512
CPU_SECONDS = 2 * 3600
DATA_BYTES = 12 * 2**30
ADDRESS_BYTES = 64 * 2**30  # a training reserves 4 GiB, more with more cores; the page tables of 64 take 128 MiB

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x20000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SIGKILL = 9
CAPABILITY_VERSION = 0x20080522

NAMESPACES, SCRATCH, LANDLOCK, SECCOMP, LIMITS = "namespaces", "scratch", "landlock", "seccomp", "limits"
ALL_LAYERS = (NAMESPACES, SCRATCH, LANDLOCK, SECCOMP, LIMITS)


class Unavailable(Exception):
    """A layer cannot be put in place here; the message says why."""


def preload() -> None:
    """Import what the layers need while files can still be opened; each layer reports what it misses."""
    with suppress(ImportError):
        import landlock  # noqa: F401
    with suppress(ImportError, OSError, RuntimeError):
        import pyseccomp  # noqa: F401


def enter_namespaces() -> None:
    """Leave for own namespaces. The pid namespace begins with the next child, which is its process 1."""
    uid, gid = os.getuid(), os.getgid()
    call_c("unshare", CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS)
    try:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")
    except OSError as error:
        raise Unavailable(f"user namespace: {error.strerror}") from error


def mount_proc() -> None:
    """Show this pid namespace its own processes only: without it, /proc/self would be nothing and TensorFlow aborts."""
    call_c("mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    call_c("mount", b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None)


def restrict_files(scratch: Path) -> None:
    """Landlock: from now on only these paths can be opened, and only the scratch folder can be written."""
    try:
        import landlock
    except ImportError as error:
        raise Unavailable("the package landlock is not installed") from error
    try:
        rules = landlock.Ruleset()
        access = landlock.FSAccess
        for path in readable_paths():
            rights = access.READ_FILE | (access.READ_DIR | access.EXECUTE if path.is_dir() else access(0))
            rules.allow(path, rules=rights)
        rules.allow("/dev/null", rules=access.READ_FILE | access.WRITE_FILE)
        rules.allow(scratch, rules=access.all() & ~access.EXECUTE)
        rules.apply()
    except (landlock.LandlockError, OSError) as error:
        raise Unavailable(f"landlock: {error}") from error


def readable_paths() -> list[Path]:
    """The interpreter with its libraries, the kit, the data, and what TensorFlow reads of the machine."""
    prefixes = [Path(prefix, name) for prefix in (sys.prefix, sys.base_prefix) for name in ("lib", "lib64")]
    system = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo"]
    course = [
        ROOT / "lessons" / "kit",
        ROOT / "data" / "fashion-mnist",
        ROOT / "data" / "homework",
        ROOT / "data" / "fashion_mnist.py",
        ROOT / "data" / "homework.py",
        ROOT / "data" / "__init__.py",
    ]
    machine = [
        "/dev/null",
        "/dev/urandom",
        "/dev/random",
        "/dev/zero",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/proc/self",
        "/sys/devices/system/cpu",
    ]
    candidates: list[str | Path] = [*prefixes, *system, *course, *machine]
    return [Path(path) for path in candidates if Path(path).exists()]


def set_limits() -> None:
    """Backstops behind the judge's own watch."""
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, SCRATCH_BYTES),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_DATA, DATA_BYTES),
        (resource.RLIMIT_AS, ADDRESS_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(limit, value)


def drop_privileges() -> None:
    """No capabilities, no way to gain any, no dump, and death with the parent."""
    die_with_parent()
    call_c("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    call_c("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    call_c("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def die_first() -> None:
    """When the machine runs out of memory, the kernel should choose this process and not the judge."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def limit_threads() -> None:
    """A bound on threads, counted in the own user namespace; the kernel does not hold root to it."""
    _lower(resource.RLIMIT_NPROC, THREADS)


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def die_with_parent() -> None:
    """Be killed when the parent dies."""
    call_c("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def close_descriptors(keep: Iterable[int]) -> None:
    """Close every inherited descriptor but these."""
    kept = sorted(keep)
    for low, high in zip([-1, *kept], [*kept, _highest_descriptor() + 1], strict=True):
        if low + 1 < high:  # an empty range that begins at 0 would close everything
            os.closerange(low + 1, high)


def _highest_descriptor() -> int:
    return max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 - names, not paths


def call_c(name: str, *arguments: object) -> None:
    """Call a function of the C library that returns 0 or sets errno. Raises Unavailable."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        raise Unavailable(f"{name}: {os.strerror(ctypes.get_errno())}")
