"""The checks of an implementation: their ids, what each promises, and how one is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from hypothesis.strategies import SearchStrategy

from drmg_check.referee._game_checks import GameCheck, plan_game_checks
from drmg_check.referee._judge import (
    Finding,
    Tally,
    judge_answered,
    judge_deterministic,
    judge_distribution,
    judge_law,
    judge_plain,
    judge_untouched,
    judge_value,
)
from drmg_check.referee._learner_checks import plan_learner_checks
from drmg_check.referee._policy_checks import plan_policy_checks
from drmg_check.referee._rows import (
    complexity,
    family_rows,
    generated_rows,
    simple_rows,
    smaller_rows,
    smoke_rows,
)
from drmg_check.referee._session import Session
from drmg_check.sets import Row
from drmg_check.targets import Implementation, SetFamily, set_family
from drmg_properties import Budget, Objection, hunt
from drmg_properties.laws import LAWS

Judge: TypeAlias = Callable[[Session, Row, Tally], Finding | None]
MOST_STEPS = 400
"""Smaller rows that are tried to simplify one that fails."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """One check of a set: a judge, the rows that it always sees, and whether it searches further.

    Parameters
    ----------
    id : str
        ``set/group/name``.
    title : str
    judge : callable
    rows : callable
        Returns the fixed rows.
    searches : bool
        Whether Hypothesis adds rows of its own.
    """

    id: str
    title: str
    family: SetFamily
    judge: Judge
    rows: Callable[[], Sequence[Row]]
    searches: bool = False

    @property
    def is_smoke(self) -> bool:
        """Whether it is one of the checks without which the others mean nothing."""
        return "/smoke/" in self.id

    def run(self, session: Session, budget: Budget) -> tuple[Finding | None, Tally]:
        """Run the check; see :func:`search`."""
        return search(self, session, budget)


CheckCase: TypeAlias = RowCheck | GameCheck
FAMILY_TITLES = {
    "small": "fractions that a reader can check by hand",
    "typical": "generic rows at generic radii",
    "ties": "tied values",
    "zeros": "states of nominal probability 0",
    "tiny-weights": "probabilities down to 5e-324",
    "tiny-radius": "radii down to 5e-324",
    "zero-radius": "radius 0",
    "saturation": "the radius that reaches the minimum, and its neighbours",
    "constant": "constant values",
    "value-scale": "values of any size",
    "one-state": "one state",
    "point-mass": "deterministic nominal rows",
    "scaled-weights": "probabilities from counts and percentages",
    "whole-simplex": "radii beyond every threshold",
    "dynamic-range": "probabilities over hundreds of magnitudes",
    "large": "a hundred states",
}


def plan_checks(declared: Implementation) -> tuple[CheckCase, ...]:
    """Return every check of an implementation at its level, set by set: smoke, contract, laws, oracles."""
    if declared.level in ("equilibrium", "planner"):
        return plan_policy_checks(declared)
    if declared.level == "learner":
        return plan_learner_checks(declared)
    if declared.level != "worst-case":
        return plan_game_checks(declared)
    return tuple(check for name in declared.sets for check in _checks_of(set_family(name), declared))


def _checks_of(family: SetFamily, declared: Implementation) -> list[RowCheck]:
    def check(name: str, title: str, judge: Judge, rows: Callable[[], Sequence[Row]], **more: bool) -> None:
        found.append(RowCheck(f"{family.name}/{name}", title, family, judge, rows, **more))

    found: list[RowCheck] = []
    simple = partial(simple_rows, family)
    for name, row in smoke_rows(family).items():
        judge = judge_plain if name == "two-states" else judge_value
        check(f"smoke/{name}", f"solves {_SMOKE[name]}", judge, partial(tuple, (row,)))
    check("contract/answers", "every legal row gets a number", judge_answered, simple, searches=True)
    check("contract/input", "leaves its input alone", judge_untouched, simple)
    check(
        "contract/deterministic", "gives equal rows equal values", judge_deterministic, partial(_some, simple)
    )
    for law in LAWS:
        check(f"law/{law.id}", law.statement, partial(judge_law, law), simple, searches=True)
    for name in family_rows(family):
        title = FAMILY_TITLES.get(name, name)
        check(f"oracle/{name}", f"agrees: {title}", judge_value, partial(_rows_of, family, name))
    check("oracle/generated", "agrees: generated rows", judge_value, tuple, searches=True)
    if declared.distribution:
        title = "its worst distribution is legal and attains the value"
        check("distribution/attains", title, judge_distribution, simple, searches=True)
    return found


def _rows_of(family: SetFamily, name: str) -> Sequence[Row]:
    return family_rows(family)[name]


def _some(rows: Callable[[], Sequence[Row]]) -> Sequence[Row]:
    return rows()[:8]


_SMOKE = {
    "one-state": "a game of one state",
    "radius-zero": "radius 0, the nominal mean",
    "two-states": "two states by hand",
}


def search(check: RowCheck, session: Session, budget: Budget) -> tuple[Finding | None, Tally]:
    """Run a check: its fixed rows, then generated ones, and shrink the first that fails.

    Returns
    -------
    Finding or None
        On the smallest row found.
    Tally
        Of the search, shrinking left out.
    """
    tally = Tally()
    for row in check.rows():
        finding = check.judge(session, session.given_row(row), tally)
        if finding is not None:
            return finding if check.is_smoke else simplify(check.judge, session, finding), tally
    silent = check.rows() and not (tally.judged or tally.not_supported or tally.not_asked)
    if check.searches and not silent:  # a law that says nothing about three dozen rows has nothing to say
        return _hunt(check, session, generated_rows(check.family), budget, tally), tally
    return None, tally


def _hunt(
    check: RowCheck, session: Session, strategy: SearchStrategy[Row], budget: Budget, tally: Tally
) -> Finding | None:
    last: Finding | None = None

    def test(row: Row) -> None:
        nonlocal last
        finding = check.judge(session, session.given_row(row), tally if last is None else Tally())
        if finding is not None and (last is None or finding.kind == last.kind):
            last = finding
            raise Objection

    hunt(strategy, test, budget.max_examples, budget.seed)
    return None if last is None else simplify(check.judge, session, last)


def simplify(judge: Judge, session: Session, finding: Finding) -> Finding:
    """Return a finding of the same kind on the simplest row nearby that a greedy descent reaches."""
    steps = 0
    improved = True
    while improved and steps < MOST_STEPS:
        improved = False
        for row in smaller_rows(finding.row):
            if complexity(row) >= complexity(finding.row):
                continue
            steps += 1
            smaller = judge(session, session.given_row(row), Tally())
            if smaller is not None and smaller.kind == finding.kind:
                finding, improved = smaller, True
                break
            if steps >= MOST_STEPS:
                break
    return finding
