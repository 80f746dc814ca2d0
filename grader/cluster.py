"""Job slots on a Dask cluster: Slurm, Kubernetes, SSH or a few processes; which one is Dask's business.

Needs the extra: ``pip install .[cluster]``. Workers need this project installed and one thread each
(``dask worker --nthreads 1 --nworkers N tcp://scheduler:8786``); how to start them: docs/cluster.md.
"""

from __future__ import annotations

from grader.check import GraderFault
from grader.messages import T
from grader.pool import LOST, Slots

CONNECT_SECONDS = 30


def cluster_slots(address: str) -> Slots:
    """Slots in the workers of the scheduler at ``address``: as many as there are worker threads.

    Raises:
        GraderFault: Dask is not installed, nobody answers, or there are no workers.

    """
    try:
        from distributed import Client, KilledWorker
        from distributed.comm.core import CommClosedError
    except ImportError as error:
        raise GraderFault(T("A cluster needs Dask: pip install '.[cluster]'.")) from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError) as error:
        raise GraderFault(
            T(
                "No Dask scheduler with workers answers at {address} within {seconds} s.",
                address=address,
                seconds=CONNECT_SECONDS,
            )
        ) from error
    return Slots(
        count=sum(client.nthreads().values()),
        make=lambda: client.get_executor(pure=False),
        lost=(*LOST, KilledWorker, CommClosedError),
        stop=client.close,
    )
