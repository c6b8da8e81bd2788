"""Cases in worker processes: a crash or a hang costs one result and nothing else."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from time import perf_counter

import msgspec

from drmg_check.isolation import LineProcess, LostError
from drmg_check.runs import Result, decode_event
from drmg_check.vocabulary import InputError
from drmg_properties.audit._ledger import find_claim, list_claims
from drmg_properties.audit._plan import Case
from drmg_properties.audit._run_case import no_result

# -P: a file in the working folder must not shadow a module.
_COMMAND = (sys.executable, "-P", "-m", "drmg_properties.audit._worker")

GRACE = 5.0
"""Seconds beyond its limit after which a case that does not notice it is killed."""


def run_isolated(cases: Sequence[Case], jobs: int, begin: Callable[[str], None]) -> Generator[Result]:
    """Yield the result of each case as it comes, from ``jobs`` worker processes; say which begins.

    A case whose process dies, or that outlives its limit, gives a result with outcome ``"error"``.
    Closing the iterator, or an exception such as ``KeyboardInterrupt``, kills the workers.
    """
    todo: queue.SimpleQueue[Case] = queue.SimpleQueue()
    for case in cases:
        todo.put(case)
    done: queue.SimpleQueue[Result] = queue.SimpleQueue()
    workers = [LineProcess(_COMMAND) for _ in range(min(jobs, len(cases)))]
    threads = [threading.Thread(target=_feed, args=(worker, todo, done, begin)) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        for _ in cases:
            yield done.get()
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join()


def _feed(
    worker: LineProcess,
    todo: queue.SimpleQueue[Case],
    done: queue.SimpleQueue[Result],
    begin: Callable[[str], None],
) -> None:
    with closing(worker), suppress(queue.Empty):
        while not worker.stopped:
            case = todo.get_nowait()
            begin(case.id)
            started = perf_counter()
            try:
                result = _ask(worker, case)
            except (LostError, InputError) as lost:  # it died, or answered what is no result
                entry = find_claim(list_claims([case.ledger]), case.claim)
                result = no_result(case, entry, "error", str(lost), perf_counter() - started)
            if not worker.stopped:
                done.put(result)


def _ask(worker: LineProcess, case: Case) -> Result:
    line = worker.ask(msgspec.json.encode(case) + b"\n", case.limit + GRACE)
    result = decode_event(line, "answer of the worker")
    assert isinstance(result, Result)
    return result
