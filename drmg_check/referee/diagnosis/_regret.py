r"""Diagnosis of a learner: what it reports in place of its regret.

Regret is the sum over episodes of ``max_i`` of what agent i gains by deviating from the policy played, at the
initial state. The policies are known, so every alternative to a gap is one to regret; further ones add the
gaps up otherwise. Bounds need only hold, and hold in many games: nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Generic, TypeAlias, TypeVar

import numpy as np

from drmg_check.models import JointPolicy
from drmg_check.referee.asking import Answer, GameQuestion
from drmg_check.referee.diagnosis._naming import Comparison, Nearness, explaining, sentence
from drmg_check.referee.diagnosis._recursion import (
    DECLARED,
    GameAlternative,
    Recursion,
    Tables,
    best_answer,
    best_modification,
    tables_of,
)
from drmg_check.referee.diagnosis._rows import FEWEST, NEARER
from drmg_check.referee.evidence import largest_value, policy_in
from drmg_check.vocabulary import Array, DrmgError
from drmg_check.words import Concept
from drmg_properties.laws import FLOAT64, Tolerance

Q = TypeVar("Q", bound=GameQuestion)
GapOf: TypeAlias = Callable[[Recursion, Tables], Array]  # gaps [m, S] at the first step
Total: TypeAlias = Callable[[list[Array]], list[Fraction]]  # gaps [i] at the initial state -> regret of k


@dataclass(frozen=True, slots=True, kw_only=True)
class RegretCatalogue(Generic[Q]):
    """What a learner may report as its regret, and how that is told.

    Parameters
    ----------
    gaps : callable
        The alternatives to a gap for the short name of a set.
    gap_of : callable
        The gaps of a recursion for tables that it has not read yet.
    questions : callable
        Runs that tell the alternatives apart, for a concept and a set.
    """

    gaps: Callable[[str], tuple[GameAlternative, ...]]
    gap_of: GapOf
    questions: Callable[[Concept, str], tuple[Q, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class RegretAlternative:
    """Something else that a learner may report as its regret: other gaps, or another total of them."""

    name: str
    words: str
    gap: GameAlternative
    total: Total
    remedy: str = ""


class PlayedRun:
    """A run: its regret, and what each alternative makes of the policies that were played."""

    def __init__(self, question: GameQuestion, run: _Reported, gap_of: GapOf) -> None:
        self._game, self._gap_of = question.game, gap_of
        self.regret, self._policies = run
        self._gaps: dict[str, list[Array] | None] = {}

    def sizes(self) -> list[Fraction]:
        """Return what the regret after each episode cannot exceed."""
        return [(k + 1) * largest_value(self._game) for k in range(len(self.regret))]

    def regret_by(self, alternative: RegretAlternative) -> list[Fraction] | None:
        """Return the regret that an alternative reports, or None if it says nothing."""
        gap = alternative.gap
        if gap.name not in self._gaps:
            self._gaps[gap.name] = self._each(gap.how)
        gaps = self._gaps[gap.name]
        return None if gaps is None else alternative.total(gaps)

    def _each(self, how: Recursion) -> list[Array] | None:
        known: dict[bytes, Array] = {}
        for policy in self._policies:
            key = policy.pi.tobytes()
            if key not in known:
                try:
                    gaps = self._gap_of(how, tables_of(self._game, policy))
                except (DrmgError, ArithmeticError, ValueError):
                    return None
                known[key] = np.asarray(gaps)[:, self._game.initial_state]
        return [known[policy.pi.tobytes()] for policy in self._policies]


_Reported: TypeAlias = tuple[tuple[Fraction, ...], Sequence[JointPolicy]]  # regret, policies


def diagnose_regret(
    catalogue: RegretCatalogue[Q],
    ask: Callable[[Q], Answer],
    failed: Q,
    concept: Concept,
    name: str,
    tolerance: Tolerance = FLOAT64,
) -> str | None:
    """Say what a learner seems to report in place of its regret, or None.

    Parameters
    ----------
    catalogue : RegretCatalogue
    ask : callable
        Question to answer.
    failed : question
        One for which the regret is wrong.
    concept : {"nash", "cce", "ce"}
    name : str
        Of the set.
    tolerance : Tolerance
        What the implementation declares.
    """
    near = Nearness.of(tolerance)
    right = RegretAlternative("", "", _of_concept(DECLARED, concept), _sum)

    def compare(alternative: RegretAlternative, run: PlayedRun) -> Comparison | None:
        return _compare(near, alternative, right, run)

    found = explaining(
        regret_entries(catalogue, concept, name),
        _runs(catalogue.gap_of, ask, (failed,), (concept, tolerance)),
        _runs(catalogue.gap_of, ask, catalogue.questions(concept, name), (concept, tolerance)),
        compare,
        fewest=FEWEST,
    )
    return sentence(found, "its regret agrees with", "{it} and the declared semantics differ")


@lru_cache(maxsize=64)
def regret_entries(
    catalogue: RegretCatalogue[Q], concept: Concept, name: str
) -> tuple[RegretAlternative, ...]:
    """Return the alternatives to regret, the likeliest first; always the same ones."""
    right = _of_concept(DECLARED, concept)
    totals = [RegretAlternative(entry, words, right, total) for entry, words, total in _TOTALS]
    gaps = [
        RegretAlternative(gap.name, gap.words, _of_concept(gap, concept), _sum, gap.remedy)
        for gap in catalogue.gaps(name)
        if concept != "ce" or gap.how.respond is not best_modification  # which CE asks for
    ]
    return (*totals, *gaps)


def _of_concept(gap: GameAlternative, concept: Concept) -> GameAlternative:
    if concept == "ce" and gap.how.respond is best_answer:
        return replace(gap, how=replace(gap.how, respond=best_modification))
    return gap


def _sum(gaps: list[Array]) -> list[Fraction]:
    return list(accumulate(gap.max() for gap in gaps))


def _averages(gaps: list[Array]) -> list[Fraction]:
    return [total / (k + 1) for k, total in enumerate(_sum(gaps))]


def _each(gaps: list[Array]) -> list[Fraction]:
    return [gap.max() for gap in gaps]


def _earlier(gaps: list[Array]) -> list[Fraction]:
    return [Fraction(0), *_sum(gaps)[:-1]]


def _of_all(gaps: list[Array]) -> list[Fraction]:
    return list(accumulate(gap.sum() for gap in gaps))


def _of_first(gaps: list[Array]) -> list[Fraction]:
    return list(accumulate(gap[0] for gap in gaps))


_TOTALS: tuple[tuple[str, str, Total], ...] = (
    ("the mean of the gaps", "divided by the number of episodes", _averages),
    ("the gap of each episode", "not summed", _each),
    ("the sum of earlier gaps", "the present episode is left out", _earlier),
    ("the sum over agents", "in place of the largest", _of_all),
    ("the gaps of the first agent", "in place of the largest", _of_first),
)


def _runs(
    gap_of: GapOf,
    ask: Callable[[Q], Answer],
    questions: Sequence[Q],
    reading: tuple[Concept, Tolerance],
) -> Iterator[PlayedRun]:
    for question in questions:
        run = ask(question).run
        if run is None or "regret" not in run:
            continue
        policies = [policy_in(question.game, pi, *reading)[1] for pi in run["pi"]]
        kept = [policy for policy in policies if policy is not None]
        if len(kept) == len(policies):
            yield PlayedRun(question, (tuple(run["regret"]), kept), gap_of)


def _compare(
    near: Nearness, alternative: RegretAlternative, right: RegretAlternative, run: PlayedRun
) -> Comparison | None:
    said, truth = run.regret_by(alternative), run.regret_by(right)
    if said is None or truth is None:
        return None
    cases = list(zip(run.regret, said, truth, run.sizes(), strict=True))
    return Comparison(
        agrees=all(abs(answer - x) <= near.accepted(size) for answer, x, _, size in cases),
        differs=any(abs(x - exact) > near.telling(size) for _, x, exact, size in cases),
        nearer=any(NEARER * abs(answer - x) < abs(answer - exact) for answer, x, exact, _ in cases),
    )
