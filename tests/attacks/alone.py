"""Puts single layers of the sandbox on a process that is not otherwise bound, and prints what it can still do, as JSON.

``python alone.py SCRATCH PLACES LAYER…``, where PLACES is what arena.py tells attacks.
"""

import ctypes
import fcntl
import json
import os
import resource
import socket
import sys
from pathlib import Path

from toolbox import attempt, c, system_call

from grader.isolation import layering, root, sandbox, system_calls


def bind(layers: list[str], scratch: Path) -> None:
    """Put these layers in place, in the order of grader.isolation."""
    if "namespaces" in layers:
        sandbox.enter_namespaces()
        layering.continue_in_child()
        sandbox.mount_proc()
    if "scratch" in layers:
        root.enter_root(sandbox.readable_paths(), scratch)
    if "limits" in layers:
        sandbox.set_limits()
        sandbox.drop_privileges()
    if "landlock" in layers:
        sandbox.restrict_files(scratch)
    if "seccomp" in layers:
        system_calls.filter_system_calls()


def attempts(places: dict) -> dict[str, str]:
    """One of each kind, on the judge, its files and its services."""
    key, judge = places["key"], places["judge"]
    limit = (ctypes.c_uint64 * 2)(0, 0)

    def to_pair(address: str) -> int:
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"stolen", address)

    def to(family: int, address: object) -> None:
        socket.socket(family, socket.SOCK_STREAM).connect(address)

    def fork() -> int:
        child = os.fork()
        if child == 0:
            os._exit(0)
        return os.waitpid(child, 0)[0]

    tries = {
        "read": lambda: Path(key).read_text(),
        "list": lambda: list(Path(places["home"]).iterdir()),
        "write": lambda: Path(places["home"], "new").write_text("x"),
        "stat": lambda: Path(key).stat(),
        "chmod": lambda: Path(key).chmod(0o600),
        "attribute": lambda: system_call(463, -100, key.encode(), 0, b"user.x", 0, 0),
        "watch": lambda: c("inotify_add_watch", c("inotify_init"), places["home"].encode(), 0x20),
        "signal": lambda: os.kill(judge, 0),
        "trace": lambda: system_call(101, 0x4206, judge, 0, 0),
        "limit": lambda: system_call(302, judge, 0, None, limit),
        "owner": lambda: fcntl.fcntl(os.pipe()[0], 8, judge),
        "memory": lambda: os.open(f"/proc/{judge}/mem", os.O_RDONLY),
        "tcp": lambda: to(socket.AF_INET, ("127.0.0.1", places["tcp"])),
        "unix": lambda: to(socket.AF_UNIX, places["unix"]),
        "abstract": lambda: to(socket.AF_UNIX, "\0" + places["abstract"]),
        "datagram": lambda: to_pair(places["datagrams"]),
        "fork": fork,
        "namespace": lambda: system_call(272, 0x10000000),
        "large file": lambda: os.truncate(os.open("large", os.O_CREAT | os.O_RDWR), 2**40),
        "descriptors": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)),
    }
    return {name: attempt(action) for name, action in tries.items()}


def main() -> None:
    """Bind the process and try."""
    scratch, places, layers = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
    sandbox.preload()
    os.chdir(scratch)
    bind(layers, scratch)
    os.chdir(scratch)
    print(json.dumps(attempts(places)))


if __name__ == "__main__":
    main()
