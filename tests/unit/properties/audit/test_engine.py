"""The engine emits every event once, whatever its cases do and wherever it starts."""

from types import ModuleType

import msgspec
import pytest

from drmg_check.isolation import LostError
from drmg_check.runs import Event, Footer, Header, Result, in_plan_order
from drmg_check.vocabulary import InputError
from drmg_properties.audit import AuditPlan, audit, list_claims, plan
from drmg_properties.audit._isolated import GRACE, _ask


def planned(ledger: str, limit_of_c3: float = 1.0) -> AuditPlan:
    """Plan a ledger; only the claim that hangs gets a short limit, for the machine may be busy."""
    whole = plan(list_claims([f"drmg_planted:{ledger}"]), [], "quick")
    cases = tuple(
        msgspec.structs.replace(case, limit=limit_of_c3) if case.id == "C3" else case for case in whole.cases
    )
    return msgspec.structs.replace(whole, cases=cases)


def run(what: AuditPlan, jobs: int = 1, resume_from: tuple[Event, ...] = ()) -> tuple[Event, ...]:
    events: list[Event] = []
    audit(what, jobs=jobs, emit=events.append, resume_from=resume_from)
    return tuple(events)


def timeless(events: tuple[Event, ...]) -> list[Event]:
    return [
        event if isinstance(event, Header) else msgspec.structs.replace(event, seconds=0.0)
        for event in in_plan_order(events)
    ]


@pytest.fixture
def healthy(planted: ModuleType) -> AuditPlan:
    return planned("healthy")


def test_a_run_is_header_results_footer(healthy: AuditPlan):
    header, *results, footer = run(healthy)
    assert header == healthy.header
    assert [result.case for result in results if isinstance(result, Result)] == list(healthy.header.cases)
    assert isinstance(footer, Footer)
    assert (footer.results, footer.unexpected, footer.errors, footer.skipped) == (5, 0, 0, 0)


def test_worker_processes_find_what_one_process_finds(healthy: AuditPlan):
    """Although a claim prints to the stream on which the worker answers."""
    assert timeless(run(healthy, jobs=2)) == timeless(run(healthy, jobs=1))


def test_crashes_hangs_and_exceptions_cost_one_result_each(planted: ModuleType):
    results = {e.case: e for e in run(planned("misbehaving"), jobs=2) if isinstance(e, Result)}
    assert {case for case, result in results.items() if result.outcome == "error"} == {"C1", "C2", "C3", "C4"}
    assert results["C1"].note == "the worker process ended with exit code 3: giving up"
    assert results["C2"].note == "the worker process died of SIGSEGV"
    assert results["C3"].note.startswith("OutOfTimeError: no verdict within its limit of 1 s (in hangs, ")
    assert all(result.outcome == "as expected" for case, result in results.items() if case[0] != "C")
    assert len(results) == 9


def test_a_worker_has_the_limit_of_its_case_and_a_little_more(healthy: AuditPlan):
    """Who does not notice the time itself is killed."""
    limits: list[float] = []

    class Worker:
        def ask(self, line: bytes, limit: float) -> bytes:
            limits.append(limit)
            raise LostError("late", "too late", 0)

    case = healthy.cases[0]
    with pytest.raises(LostError):
        _ask(Worker(), case)  # type: ignore[arg-type]
    assert limits == [case.limit + GRACE]


@pytest.mark.parametrize("keep", range(8))
def test_a_resumed_run_emits_exactly_what_is_missing(healthy: AuditPlan, keep: int):
    whole = run(healthy)
    rest = run(healthy, resume_from=whole[:keep])
    assert len(rest) == len(whole) - keep
    assert timeless((*whole[:keep], *rest)) == timeless(whole)


def test_results_kept_from_before_count_in_the_footer(planted: ModuleType):
    what = planned("everything")
    what = msgspec.structs.replace(what, cases=tuple(c for c in what.cases if c.claim != "C1"))
    whole = run(what)
    *_, footer = run(what, resume_from=whole[:-3])
    assert isinstance(footer, Footer)
    assert (footer.unexpected, footer.errors) == (3, 2)


@pytest.mark.parametrize(
    "changes", [{"seed": 1}, {"profile": "deep"}, {"tool_version": "0"}, {"versions": {}}]
)
def test_a_run_of_another_plan_is_not_resumed(healthy: AuditPlan, changes: dict[str, object]):
    old = msgspec.structs.replace(healthy.header, **changes)
    with pytest.raises(InputError, match=f"cannot resume.*{next(iter(changes))}="):
        run(healthy, resume_from=(old,))


def test_a_run_with_other_cases_is_not_resumed(healthy: AuditPlan):
    old = msgspec.structs.replace(healthy.header, cases=(*healthy.header.cases, "Z9"))
    with pytest.raises(InputError, match=r"other cases.*Z9"):
        run(healthy, resume_from=(old,))


def test_leaving_early_leaves_no_worker_behind(planted: ModuleType):
    """An interrupt in the handler reaches the caller at once, although a case hangs."""

    def interrupt(event: Event) -> None:
        if isinstance(event, Result):
            raise KeyboardInterrupt

    what = planned("misbehaving", limit_of_c3=600.0)
    with pytest.raises(KeyboardInterrupt):
        audit(what, jobs=2, emit=interrupt)
