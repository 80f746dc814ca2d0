"""The warm process: imports TensorFlow once, then forks a worker for each submission (Linux).

In:   on the socket that is its first argument, as MessagePack: the next worker's scratch folder, with three
      descriptors, its standard input, output and error. Or the id of a worker that has ended.
Out:  the new process's id, on the same socket; the worker then talks to its judge itself (serving.py). Or how the
      worker ended: its exit code, negative for a signal, and the most resident memory that it had, in bytes.

This process never runs student code. A worker gives up its rights (grader.isolation) before it reads a request;
which layers could be put in place is part of its first message, and the judge decides whether they are enough.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from pathlib import Path

import msgspec

from grader.isolation import layering, sandbox
from grader.worker import serving

STREAMS = 3
MAX_REQUEST = 4096


def main() -> None:
    """Serve one judge until it closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    isolate, namespaces = sys.argv[2] == "strict", layering.namespaces_work()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # where it is ignored, nobody learns how a child ended
    sandbox.preload()
    serving.preload()
    gc.collect()
    gc.freeze()  # a collection in a worker would copy pages that all workers share
    control.send(b"ready")
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, STREAMS)
        if not request:
            return
        wanted = msgspec.msgpack.decode(request, type=str | int)
        if isinstance(wanted, int):
            control.send(_ending(wanted))
            continue
        child = os.fork()
        if child == 0:
            control.close()
            _become_worker(descriptors, Path(wanted), isolate, namespaces)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(str(child).encode())


def _ending(worker: int) -> bytes:
    _, status, used = os.wait4(worker, 0)
    return msgspec.msgpack.encode((os.waitstatus_to_exitcode(status), used.ru_maxrss * 2**10))


def _become_worker(descriptors: list[int], scratch: Path, isolate: bool, namespaces: bool) -> None:
    """Never returns. Fails with the reason on standard error, where the judge finds it."""
    status = 1
    try:
        os.setsid()
        sandbox.die_with_parent()
        sandbox.die_first()
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
        sandbox.close_descriptors(range(STREAMS))
        layers = layering.isolate(scratch, namespaces) if isolate else []
        os.chdir(scratch)
        os.environ.update(HOME=str(scratch), TMPDIR=str(scratch))
        serving.serve(layers)
        status = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
