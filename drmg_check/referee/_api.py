"""Validation from Python: one call, one decorator, in the shape of scikit-learn's estimator checks."""

from __future__ import annotations

import atexit
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from operator import methodcaller
from typing import TYPE_CHECKING, Any, TypeVar

from drmg_check.referee._expected import idle_patterns, reason_to_fail
from drmg_check.referee._run import Validation, declared_with, plan_validation, run_check, validate
from drmg_check.referee.asking import (
    CALL_LIMIT,
    MEMORY,
    InProcess,
    ProcessTransport,
    Session,
    Subject,
    function_address,
    replay_options,
)
from drmg_check.referee.diagnosis import Diagnose
from drmg_check.referee.diagnosis import diagnose as by_catalogue
from drmg_check.referee.levels import session_for
from drmg_check.runs import Check, Event
from drmg_check.targets import Greeting, declaration_to_data, declared_by, extra_parameters, find_target
from drmg_check.vocabulary import InputError, check_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

TEST_PROFILE = "quick"
"""What checks search as in the test suites of others; the command line searches as ``ci``."""
F = TypeVar("F", bound=Callable[..., object])
Function = Callable[..., object]


class NonconformanceError(AssertionError):
    """An implementation does what no correct one does; the message shows the smallest input found."""


NonconformanceError.__module__ = "drmg_check.referee"  # as users import it, and as tracebacks name it
_HIDDEN = methodcaller("errisinstance", NonconformanceError)
"""For ``__tracebackhide__``: pytest leaves our frames out of what a failed check shows, of nothing else."""


@contextmanager
def open_target(
    target: str | Function,
    changes: Mapping[str, object],
    *,
    limit: float = CALL_LIMIT,
    memory: int = MEMORY,
) -> Iterator[tuple[Subject, Session[Any]]]:
    """Start an implementation, read its declaration, and end it on leaving.

    Parameters
    ----------
    target : str or callable
        An address runs in a process of its own, with limits; a callable in this one.
    changes : mapping
        What is added to the declaration or replaces it.
    limit, memory : float, int
        Seconds for an answer and bytes of address space, of a process.

    Raises
    ------
    InputError
        It does not start, or declares something illegal.

    Examples
    --------
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["tv"]}) as (subject, session):
    ...     print(subject.declared.level, subject.declared.sets, session.speed())
    ...
    worst-case ('tv',) None
    """
    if not isinstance(target, str):
        declared = declared_by(target)
        data = None if declared is None else declaration_to_data(declared)
        whole = declared_with(Greeting(data), changes)
        code, is_named = function_address(target)
        subject = Subject(
            address=code,
            code=code,
            declared=whole,
            parameters=tuple(extra_parameters(target)),
            options=replay_options(changes),
            is_named=is_named,
        )
        yield subject, session_for(InProcess(target), whole)
        return
    process = find_target(target)
    transport = ProcessTransport(process, limit=limit, memory=memory)
    try:
        greeting = transport.greeting
        whole = declared_with(greeting, changes)
        subject = Subject(
            address=process.address,
            code=process.argv[-1] if process.is_python else process.address,
            declared=whole,
            parameters=greeting.parameters,
            options=replay_options(changes, limit=limit, memory=memory),
        )
        yield subject, session_for(transport, whole)
    finally:
        transport.restart()


def check_implementation(
    target: str | Function,
    sets: str | Sequence[str] = (),
    *,
    expected_failed_checks: Mapping[str, str] | None = None,
    on_fail: str | None = "raise",
    profile: str = TEST_PROFILE,
    seed: int = 0,
    checks: Sequence[str] = (),
    diagnose: Diagnose | None = by_catalogue,
    **declaration: object,
) -> list[Check]:
    """Judge an implementation, of a worst-case expectation unless it declares another level.

    Parameters
    ----------
    target : str or callable
        ``"module:function"``, ``"file.py:function"``, an entry point or ``"cmd: ./harness"``, which run in a
        process of their own; or a function, which runs in this one.
    sets : str or sequence of str
        Short names of the sets to judge; by default those that it declares. A stage game has none.
    expected_failed_checks : mapping, optional
        Shell patterns of check ids that may fail, with reasons.
    on_fail : {"raise", "warn", None}
        What a failed check does. Every check runs first.
    profile, seed, checks
        As for ``drmg-check validate``; the profile is ``quick`` unless told otherwise, as in a suite every
        second counts. The fixed questions, on which every mistake of the catalogue shows, are the same at
        every profile.
    diagnose : callable or None
        As for :func:`plan_validation`.
    **declaration
        Further members of :class:`drmg_check.targets.Implementation`, such as ``level="planner"`` or
        ``accuracy="1e-6"``.

    Returns
    -------
    list of Check
        One record a check, with ``outcome`` ``"passed"``, ``"failed"``, ``"skipped"`` or ``"xfail"``.

    Raises
    ------
    NonconformanceError
        A check failed that was not expected to.
    InputError
        The target does not start, declares no set, or an option is illegal.

    Examples
    --------
    >>> def nominal(p, V, rho):  # it forgets the adversary
    ...     return float(p @ V)
    ...
    >>> checks = ["tv/smoke/radius-zero", "tv/smoke/two-states"]
    >>> results = check_implementation(nominal, "tv", checks=checks, on_fail=None)
    >>> [(check.case, check.outcome) for check in results]
    [('tv/smoke/radius-zero', 'passed'), ('tv/smoke/two-states', 'failed')]
    """
    __tracebackhide__ = _HIDDEN
    if on_fail not in ("raise", "warn", None):
        raise InputError(f"on_fail={on_fail!r}; expected 'raise', 'warn' or None")
    expected = dict(expected_failed_checks or {})
    events: list[Event] = []
    with open_target(target, _changes(sets, declaration)) as (subject, session):
        validation = plan_validation(
            subject, profile=profile, seed=seed, patterns=checks, expected=expected, diagnose=diagnose
        )
        for sentence in idle_patterns(expected, validation.header.cases):
            warnings.warn(sentence, stacklevel=2)
        validate(validation, session, emit=events.append)
    results = [event for event in events if isinstance(event, Check)]
    failed = [check for check in results if check.outcome == "failed"]
    if failed and on_fail == "raise":
        raise NonconformanceError(explain(failed))
    if failed and on_fail == "warn":
        warnings.warn(explain(failed), stacklevel=2)
    return results


def parametrize_with_laws(
    target: str | Function,
    sets: str | Sequence[str] = (),
    *,
    expected_failed_checks: Mapping[str, str] | None = None,
    profile: str = TEST_PROFILE,
    seed: int = 0,
    checks: Sequence[str] = (),
    **declaration: object,
) -> pytest.MarkDecorator:
    """Parametrize a test with the checks of an implementation.

    The test gets one argument, ``check``, a callable without arguments that raises on failure:

    >>> @parametrize_with_laws("mine.py:worst_case", "tv")  # doctest: +SKIP
    ... def test_conforms(check):
    ...     check()

    Parameters are those of :func:`check_implementation`. A target given by its address is started when
    the first check runs, in a process that all its checks share.
    """
    import pytest

    expected = dict(expected_failed_checks or {})
    changes = _changes(sets, declaration)
    with open_target(target, changes) as (subject, session):
        validation = plan_validation(subject, profile=profile, seed=seed, patterns=checks, expected=expected)
    atexit.register(session.close)
    for sentence in idle_patterns(expected, validation.header.cases):
        warnings.warn(sentence, stacklevel=2)
    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(
                _Bound(validation, session, k),
                id=check.id,
                marks=_marks(reason_to_fail(expected, check.id)),
            )
            for k, check in enumerate(validation.checks)
        ],
    )


class _Bound:
    """A check of an implementation as a callable, the parameter that a test gets."""

    def __init__(self, validation: Validation, session: Session[Any], k: int) -> None:
        self._validation, self._session, self._k = validation, session, k

    def __call__(self) -> None:
        __tracebackhide__ = _HIDDEN
        run_or_raise(self._validation, self._session, self._k)

    def __repr__(self) -> str:
        return self._validation.checks[self._k].id


def run_or_raise(validation: Validation, session: Session[Any], k: int) -> None:
    """Run check k as a pytest test does: raise if it fails, skip if it says nothing.

    Raises
    ------
    NonconformanceError
        Whether it was expected to fail is for pytest to weigh.

    Examples
    --------
    >>> with open_target(lambda p, V, rho: float(p @ V), {"sets": ["tv"]}) as (subject, session):
    ...     validation = plan_validation(subject, patterns=["tv/smoke/radius-zero"])
    ...     run_or_raise(validation, session, 0)  # radius 0 is what it can do
    ...
    """
    __tracebackhide__ = _HIDDEN
    import pytest

    result = run_check(validation, session, validation.checks[k])
    if result.failure is not None:
        raise NonconformanceError(explain([result]))
    if result.outcome == "skipped":
        pytest.skip(result.reason)


def explain(checks: Sequence[Check]) -> str:
    """Return failed checks for a person, the worst first: rows, values, lines to paste, the first program.

    >>> def nominal(p, V, rho):
    ...     return float(p @ V)
    ...
    >>> failed = check_implementation(nominal, "tv", checks=["tv/smoke/two-states"], on_fail=None)
    >>> explain(failed).splitlines()[0]
    'tv/smoke/two-states: solves two states by hand'
    """
    blocks = []
    checks = sorted(checks, key=lambda check: -check.failure.severity if check.failure else 0.0)
    for check in checks:
        assert check.failure is not None
        diagnosis = [f"  diagnosis: {check.failure.diagnosis}"] if check.failure.diagnosis else []
        blocks.append(
            "\n".join(
                [
                    f"{check.case}: {check.title}",
                    *(f"  {line}" for line in check.failure.lines),
                    *diagnosis,
                    f"  reproduce with: {check.replay}",
                ]
            )
        )
    first = checks[0].failure
    assert first is not None
    return "\n".join([*blocks, "", "# the first one with NumPy alone:", first.snippet])


def _changes(sets: str | Sequence[str], declaration: Mapping[str, object]) -> dict[str, Any]:
    check_type(sets, Iterable, "sets", "names of sets, as in 'tv' or ['tv', 'kl']")
    names = [sets] if isinstance(sets, str) else list(sets)
    return {**({"sets": names} if names else {}), **declaration}


def _marks(reason: str | None) -> tuple[pytest.MarkDecorator, ...]:
    import pytest

    return () if reason is None else (pytest.mark.xfail(reason=reason, strict=False),)
