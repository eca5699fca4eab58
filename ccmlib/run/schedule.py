"""Who does the tasks: forked processes of this run, or Dask's workers. Same tasks, same outcomes."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor

from ccmlib.run.zygote import die_with_parent


def _begin(parent: int, lifelines: tuple[int, ...]) -> None:
    """Set up a forked worker: it ends with the driver, and does not keep the zygote alive after it."""
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to answer
    for lifeline in lifelines:
        os.close(lifeline)


@contextlib.contextmanager
def forked(jobs: int, lifelines: tuple[int, ...] = ()) -> Iterator[Executor]:
    """Fork workers of this process, which has imported what they need.

    Parameters
    ----------
    jobs : int
        How many notebooks to run at once.
    lifelines : tuple of int
        File descriptors that a worker closes.

    Yields
    ------
    Executor
        Takes tasks.
    """
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(os.getpid(), lifelines))
    try:
        yield pool
    except BaseException:
        for worker in list((pool._processes or {}).values()):
            worker.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def dask(jobs: int) -> Iterator[Executor]:
    """Hand the tasks to Dask's distributed scheduler.

    The scheduler named in ``DASK_SCHEDULER_ADDRESS``, whose workers see the project's folder under the same path; or
    else a cluster of this machine.

    Parameters
    ----------
    jobs : int
        Workers of the cluster made here.

    Yields
    ------
    Executor
        Takes tasks.
    """
    from distributed import Client, LocalCluster

    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    with contextlib.ExitStack() as stack:
        if address is None:
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                silence_logs=logging.ERROR,
                security=True,  # encrypted: nobody else on this machine can join or listen
            )
            address = stack.enter_context(cluster)
        client = stack.enter_context(Client(address))
        yield client.get_executor(pure=False)
