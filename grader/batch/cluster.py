"""Job slots on a Dask cluster: Slurm, Kubernetes, SSH or a few processes; which one is Dask's business.

Needs the extra: ``pip install .[cluster]``. Workers need this project installed and one thread each
(``dask worker --nthreads 1 --nworkers N tcp://scheduler:8786``); how to start them: docs/cluster.md.
"""

from __future__ import annotations

import time
import warnings
from concurrent.futures import Executor
from typing import Any

from grader.batch.pool import LOST, Slots
from grader.faults import GraderFault
from grader.language.messages import T

CONNECT_SECONDS = 30
POLL_SECONDS = 0.2


def cluster_slots(address: str) -> Slots:
    """Slots in the workers of the scheduler at ``address``: one for each worker process.

    Raises:
        GraderFault: Dask is not installed, nobody answers, or there are no workers.

    """
    try:
        import distributed
        from distributed.comm.addressing import get_address_host_port as parse_address
        from distributed.comm.core import CommClosedError
    except ImportError as error:
        raise GraderFault(T("A cluster needs Dask: pip install '.[cluster]'.")) from error
    try:
        parse_address(address)
    except ValueError as error:  # a client would only notice later, and then take a minute to go away
        text = T("{address} is no scheduler's address; expected one such as tcp://host:8786.", address=address)
        raise GraderFault(text) from error
    connect: Any = distributed.Client  # which has no annotations
    warnings.filterwarnings("ignore", message="Sending large graph")  # a homework has a few MB, and that is no graph
    try:
        client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise GraderFault(
            T(
                "No Dask scheduler with workers answers at {address} within {seconds} s.",
                address=address,
                seconds=CONNECT_SECONDS,
            )
        ) from error
    return Slots(
        count=len(client.nthreads()),
        make=lambda: _executor(client, address),
        lost=(*LOST, distributed.KilledWorker, CommClosedError),
        stop=client.close,
    )


def _executor(client: Any, address: str) -> Executor:
    """An executor, as soon as the scheduler can be reached. Raises GraderFault when it is gone."""
    deadline = time.monotonic() + CONNECT_SECONDS
    while client.status != "running":
        if client.status == "closed" or time.monotonic() > deadline:
            raise GraderFault(
                T(
                    "The Dask scheduler at {address} is gone. What is finished is kept; the same command goes on from "
                    "there.",
                    address=address,
                )
            )
        time.sleep(POLL_SECONDS)
    executor: Executor = client.get_executor(pure=False)
    return executor
