"""The warm process: imports TensorFlow once, then forks a worker for each submission (Linux).

In:   on the socket that is its first argument, a MessagePack list with the next worker's scratch folder, and three
      descriptors: its standard input, output and error.
Out:  the new process's id, on the same socket. The worker then talks to its judge itself (grader/worker.py).

This process never runs student code. A worker gives up its rights (grader/isolation.py) before it reads a request;
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

from grader import isolation, sandbox, worker

STREAMS = 3
MAX_REQUEST = 4096


def main() -> None:
    """Serve one judge until it closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    isolate, namespaces = sys.argv[2] == "strict", isolation.namespaces_work()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for workers; the kernel clears them away
    sandbox.preload()
    worker.preload()
    gc.collect()
    gc.freeze()  # a collection in a worker would copy pages that all workers share
    control.send(b"ready")
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, STREAMS)
        if not request:
            return
        (scratch,) = msgspec.msgpack.decode(request, type=tuple[str])
        child = os.fork()
        if child == 0:
            control.close()
            _become_worker(descriptors, Path(scratch), isolate, namespaces)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(str(child).encode())


def _become_worker(descriptors: list[int], scratch: Path, isolate: bool, namespaces: bool) -> None:
    """Never returns. Fails with the reason on standard error, where the judge finds it."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        sandbox.die_with_parent()
        sandbox.die_first()
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
        sandbox.close_descriptors(range(STREAMS))
        layers = isolation.isolate(scratch, namespaces) if isolate else []
        os.chdir(scratch)
        os.environ.update(HOME=str(scratch), TMPDIR=str(scratch))
        worker.serve(layers)
        status = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
