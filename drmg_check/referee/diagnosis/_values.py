r"""Diagnosis of values of whole games: which other recursion gives them.

The rule is that of single rows (:mod:`drmg_check.referee.diagnosis._rows`): one counterexample rules an
alternative out, it has to explain the failure at hand, and nothing is said of noise, of a mistake that the
catalogue does not have, or of two at once. Errors are measured by the largest value, ``M = H max |r|``.

With v the answer, x that of an alternative and V the exact one, all in the largest norm, an alternative is
named if ``|v - x| <= e`` for every game that it speaks about, rounding forgiven, and ``|x - V| > 20 e`` for
at least :data:`FEWEST` games, where e is ``1e-6 M`` or what is declared, if that is more: values that hit x
by chance do so with a probability below ``20^-8``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, Generic, TypeAlias, TypeVar

from drmg_check.referee.asking import Answer, GameQuestion
from drmg_check.referee.diagnosis._naming import ACCEPTED, APART, Comparison, explaining, sentence
from drmg_check.referee.diagnosis._recursion import GameAlternative, Recursion, Tables, largest
from drmg_check.referee.diagnosis._rows import FEWEST, NEARER
from drmg_check.referee.evidence import CertifiedValues
from drmg_check.sets import UncertaintySet
from drmg_check.targets import set_family, set_name
from drmg_check.vocabulary import Array, DrmgError
from drmg_properties.laws import FLOAT64, Tolerance

Q = TypeVar("Q", bound=GameQuestion)
Case: TypeAlias = "tuple[WorkedQuestion[Any], Array]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCatalogue(Generic[Q]):
    """What a level of values may be mistaken for, and how that is told.

    Parameters
    ----------
    entries : callable
        The alternatives for a set, the likeliest first; their names are unique.
    questions : callable
        Questions that tell them apart, for a set by its short name.
    tables : callable
        The numbers of a question.
    recompute : callable
        The answer of a recursion to tables that it has not read yet.
    plain : callable
        Further ones, for code that handles little: two states, positive rewards, distances of indices.
    truth : callable
        The certified answer to a question, with what is forgiven by a tolerance.
    """

    entries: Callable[[UncertaintySet], tuple[GameAlternative, ...]]
    questions: Callable[[str], tuple[Q, ...]]
    tables: Callable[[Q], Tables]
    recompute: Callable[[Recursion, Tables], Array]
    plain: Callable[[str], tuple[Q, ...]]
    truth: Callable[[Q, Tolerance], CertifiedValues]


class WorkedQuestion(Generic[Q]):
    """One question with what is worked out about it: by each alternative once, by name."""

    def __init__(self, catalogue: ValueCatalogue[Q], question: Q) -> None:
        self.question = question
        self._catalogue = catalogue
        self._answers: dict[str, Array | None] = {}

    @cached_property
    def tables(self) -> Tables:
        """The numbers of the question."""
        return self._catalogue.tables(self.question)

    def truth(self, tolerance: Tolerance = FLOAT64) -> CertifiedValues:
        """Return the certified answer, with what is forgiven."""
        return self._catalogue.truth(self.question, tolerance)

    def answer_of(self, alternative: GameAlternative) -> Array | None:
        """Return what an alternative answers, or None if it says nothing."""
        if alternative.name not in self._answers:
            try:
                answer = self._catalogue.recompute(alternative.how, self.tables)
            except (DrmgError, ArithmeticError, ValueError):
                answer = None
            self._answers[alternative.name] = answer
        return self._answers[alternative.name]


def diagnose_values(
    catalogue: ValueCatalogue[Q],
    ask: Callable[[Q], Answer],
    failed: Iterable[Q],
    tolerance: Tolerance = FLOAT64,
) -> str | None:
    """Say what an implementation seems to compute in place of the values of games, or None.

    Parameters
    ----------
    catalogue : ValueCatalogue
        Of its level.
    ask : callable
        Question to answer, in the conventions of its declaration.
    failed : iterable of questions
        Those of one failure, all of one set.
    tolerance : Tolerance
        What the implementation declares.
    """
    at_hand = [WorkedQuestion(catalogue, question) for question in failed]
    name = set_name(at_hand[0].tables.sets[0])
    found = explaining(
        entries_for(catalogue, name),
        _cases(ask, at_hand),
        _cases(ask, telling_questions(catalogue, name)),
        partial(_compare, tolerance),
        fewest=FEWEST,
    )
    return sentence(found, "agrees with", "{it} and the declared semantics differ")


@lru_cache(maxsize=64)
def entries_for(catalogue: ValueCatalogue[Any], name: str) -> tuple[GameAlternative, ...]:
    """Return the alternatives to a set, given by its short name; always the same ones."""
    return catalogue.entries(set_family(name).make(1))


@lru_cache(maxsize=64)
def telling_questions(catalogue: ValueCatalogue[Q], name: str) -> tuple[WorkedQuestion[Q], ...]:
    """Return the questions that tell the alternatives to a set apart, quick ones first."""
    questions = (*catalogue.questions(name), *catalogue.plain(name))
    return tuple(WorkedQuestion(catalogue, question) for question in questions)


def _cases(ask: Callable[[Q], Answer], questions: Iterable[WorkedQuestion[Q]]) -> Iterator[Case]:
    for worked in questions:
        answer = ask(worked.question)
        if answer.array is not None:
            yield worked, answer.array


def _compare(tolerance: Tolerance, alternative: GameAlternative, case: Case) -> Comparison | None:
    worked, answer = case
    values = worked.answer_of(alternative)
    if values is None:
        return None
    truth, size = worked.truth(), largest(worked.tables)
    error = max(ACCEPTED * size, worked.truth(tolerance).allowed.max())
    off = abs(answer - values)
    return Comparison(
        agrees=off.max() <= error + truth.allowed.max(),
        differs=abs(values - truth.lo).max() > APART * error,
        nearer=bool((NEARER * off < abs(answer - truth.lo)).any()),
    )
