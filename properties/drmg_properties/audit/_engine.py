"""The engine: run what is planned and not yet done, and emit each event once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, redirect_stdout
from time import perf_counter

from drmg_check.runs import (
    Emit,
    Event,
    Footer,
    Result,
    check_same_plan,
    count_outcomes,
    is_complete,
)
from drmg_properties.audit._isolated import run_isolated
from drmg_properties.audit._plan import AuditPlan, Case
from drmg_properties.audit._run_case import run_case


def nobody_watches(case: str) -> None:
    """Tell nobody that a case begins."""


def audit(
    plan: AuditPlan,
    *,
    jobs: int,
    emit: Emit,
    resume_from: Sequence[Event] = (),
    begin: Callable[[str], None] = nobody_watches,
) -> None:
    """Run the cases of a plan and emit the header, the results as they come, and the footer.

    Parameters
    ----------
    plan : AuditPlan
    jobs : int
        Worker processes. With 1, cases run in this process: simplest to debug, but a case that crashes
        or hangs takes the run with it.
    emit : callable
        Receives each event that is not in ``resume_from``, from this thread.
    resume_from : sequence of Event
        What an earlier run of the same plan left; its results are kept, whatever their outcome.
    begin : callable
        Receives the id of each case that begins, from any thread.

    Raises
    ------
    InputError
        ``resume_from`` comes from another plan.

    Examples
    --------
    >>> from drmg_properties.audit import list_claims, plan, select_claims
    >>> events = []
    >>> listed = select_claims(list_claims(), ["D5"])
    >>> audit(plan(listed, games=[], profile="quick"), jobs=1, emit=events.append)
    >>> [(event.case, event.found) for event in events[1:-1]]
    [('D5', 'holds on a list')]
    """
    started = perf_counter()
    results = [event for event in resume_from if isinstance(event, Result)]
    if resume_from:
        check_same_plan(plan.header, resume_from)
    else:
        emit(plan.header)
    if is_complete(resume_from):
        return
    finished = {result.case for result in results}
    todo = [case for case in plan.cases if case.id not in finished]
    with closing(_run(todo, jobs, begin)) as fresh:
        for result in fresh:
            results.append(result)
            emit(result)
    emit(Footer(**count_outcomes(results), seconds=perf_counter() - started))


def _run(cases: Sequence[Case], jobs: int, begin: Callable[[str], None]) -> Generator[Result]:
    if jobs == 1:
        for case in cases:
            begin(case.id)
            with redirect_stdout(sys.stderr):  # as in a worker: what a claim prints is no output of ours
                result = run_case(case)
            yield result
    else:
        with closing(run_isolated(cases, jobs, begin)) as results:
            yield from results
