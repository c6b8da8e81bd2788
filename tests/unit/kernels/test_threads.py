"""Threads can share the rows, for a kernel holds no lock while it runs."""

from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from time import perf_counter

import numpy as np
import pytest

from drmg_check.kernels import worst_case_expectations
from drmg_check.kernels._sweep import SHARE
from drmg_check.sets import CressieRead, Hellinger, KullbackLeibler, TotalVariation, UncertaintySet

TRIES = 20  # on a busy machine a thread may not get its turn during one sweep
ROWS = np.random.default_rng(0).dirichlet(np.ones(50), 40_000)


@pytest.mark.parametrize(
    "uncertainty",
    [TotalVariation(), KullbackLeibler(), Hellinger(), CressieRead(3)],
    ids=lambda uncertainty: uncertainty.kind,
)
def test_other_threads_run_while_a_sweep_runs(uncertainty: UncertaintySet):
    """The sweep of one call is one compiled call: with the lock held, nobody would see its middle half."""
    rho, V = np.full(len(ROWS), 0.1), np.linspace(0.0, 1.0, ROWS.shape[1])
    worst_case_expectations(uncertainty, ROWS[:2], rho[:2], V)  # compiled
    assert any(_middle_was_seen(uncertainty, rho, V) for _ in range(TRIES))


def test_little_to_do_is_not_shared_out(monkeypatch: pytest.MonkeyPatch):
    """Starting a thread would take longer than what it had to do."""
    started: list[int] = []

    class Counted(ThreadPoolExecutor):
        def __init__(self, threads: int) -> None:
            started.append(threads)
            super().__init__(threads)

    monkeypatch.setattr("drmg_check.kernels._sweep.ThreadPoolExecutor", Counted)
    V = np.linspace(0.0, 1.0, ROWS.shape[1])
    worst_case_expectations(TotalVariation(), ROWS[:100], np.full(100, 0.1), V, threads=4)
    assert started == []
    worst_case_expectations(TotalVariation(), ROWS, np.full(len(ROWS), 0.1), V, threads=4)
    assert started == [ROWS.size // SHARE]


def _middle_was_seen(uncertainty: UncertaintySet, rho: np.ndarray, V: np.ndarray) -> bool:
    inside: list[float] = []
    seen: list[float] = []

    def sweep() -> None:
        inside.append(perf_counter())
        worst_case_expectations(uncertainty, ROWS, rho, V)
        inside.append(perf_counter())

    worker = Thread(target=sweep)
    worker.start()
    while worker.is_alive():
        seen.append(perf_counter())
    began, ended = inside
    quarter = (ended - began) / 4  # checks and the sorting of V take far less than that at either end
    return any(began + quarter < moment < ended - quarter for moment in seen)
