"""Cases in worker processes: a crash or a hang costs one result and nothing else.

``concurrent.futures`` loses every pending task when one process dies and cannot kill one that hangs;
so each worker is a plain subprocess, with a thread here that feeds it and replaces it when it is lost.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from time import perf_counter
from typing import IO

import msgspec

from drmg_check.audit._ledger import find_claim, load_ledger
from drmg_check.audit._plan import Case
from drmg_check.audit._run_case import no_result
from drmg_check.events import Result, decode_event

START_LIMIT = 120.0
"""Seconds that a worker may need for its imports, on a busy machine with cold caches."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def run_isolated(cases: Sequence[Case], jobs: int) -> Generator[Result]:
    """Yield the result of each case as it comes, from ``jobs`` worker processes.

    A case whose process dies, or that outlives its limit, gives a result with outcome ``"error"``.
    Closing the iterator, or an exception such as ``KeyboardInterrupt``, kills the workers.
    """
    todo: queue.SimpleQueue[Case] = queue.SimpleQueue()
    for case in cases:
        todo.put(case)
    done: queue.SimpleQueue[Result] = queue.SimpleQueue()
    workers = [_Worker() for _ in range(min(jobs, len(cases)))]
    threads = [threading.Thread(target=_feed, args=(worker, todo, done)) for worker in workers]
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


def _feed(worker: _Worker, todo: queue.SimpleQueue[Case], done: queue.SimpleQueue[Result]) -> None:
    with closing(worker), suppress(queue.Empty):
        while not worker.stopped:
            case = todo.get_nowait()
            started = perf_counter()
            try:
                result = worker.ask(case)
            except _LostError as lost:
                claim = find_claim(load_ledger(case.ledger), case.claim)
                result = no_result(case, claim, "error", str(lost), perf_counter() - started)
            if not worker.stopped:
                done.put(result)


class _LostError(Exception):
    """The process is dead; the message says how it ended."""


class _Worker:
    """One process at a time; asking starts another one when the last was lost."""

    def __init__(self) -> None:
        self.stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None

    def ask(self, case: Case) -> Result:
        """Return the result of a case, or raise :class:`_LostError`."""
        if self._process is None:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(OSError):  # a process that died meanwhile; reading its answer says how
            self._process.stdin.write(msgspec.json.encode(case) + b"\n")
            self._process.stdin.flush()
        result = decode_event(self._line(case.limit), "answer of the worker")
        assert isinstance(result, Result)
        return result

    def stop(self) -> None:
        """Kill the process, from another thread; the one that waits for its answer sees it die."""
        self.stopped = True
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._bury()

    def _start(self) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            # -P: a file in the working folder must not shadow a module.
            [sys.executable, "-P", "-m", "drmg_check.audit._worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            # One thread each: the cores go to the workers, and sums keep their order.
            env={**dict.fromkeys(_THREADS, "1"), **os.environ, "PYTHONHASHSEED": "0"},
        )
        if self.stopped:  # meanwhile, so that stop() saw no process
            self._process.kill()
        self._line(START_LIMIT)

    def _line(self, limit: float) -> bytes:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limit, kill)
        timer.start()
        line = process.stdout.readline()
        timer.cancel()
        timer.join()
        if late.is_set() or not line.endswith(b"\n"):
            how = self._bury()
            if not line.endswith(b"\n"):  # else it answered in the last moment
                raise _LostError(f"killed after its limit of {limit:g} s" if late.is_set() else how)
        return line

    def _bury(self) -> str:
        process, stderr = self._process, self._stderr
        assert process is not None
        assert stderr is not None
        self._process = None
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was still buffered for it
                assert pipe is not None
                pipe.close()
        stderr.seek(0)
        said = stderr.read().decode(errors="replace").strip().splitlines()
        stderr.close()
        if code < 0:
            return f"the worker process died of {signal.Signals(-code).name}"
        return f"the worker process ended with exit code {code}" + (f": {said[-1]}" if said else "")
