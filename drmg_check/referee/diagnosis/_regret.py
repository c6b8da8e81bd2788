r"""Diagnosis of regret: of which other gaps, or in which other way, the regret of a learner is the total.

A learner returns the policy of each episode, so that its regret is a function of what it returns. The rule is
that of the values of games (:mod:`drmg_check.referee.diagnosis._games`), with ``k H max |r|`` as the size of
a regret after k episodes. Every alternative to a gap is one to regret; further ones add the gaps up
otherwise. Bounds need only hold, and hold in many games: nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

import numpy as np

from drmg_check.models import JointPolicy, row_set
from drmg_check.referee._policy_checks import largest_value, read_policy
from drmg_check.referee._questions import Question, question_as_given, with_rewards
from drmg_check.referee._session import Answer
from drmg_check.referee.diagnosis._discriminating_games import discriminating_games
from drmg_check.referee.diagnosis._game_alternatives import value_catalogue
from drmg_check.referee.diagnosis._naming import Comparison, explaining, sentence
from drmg_check.referee.diagnosis._recursion import Recursion, answer_by, best_answer, best_modification
from drmg_check.referee.diagnosis._rows import ACCEPTED, DIFFERENT, FEWEST, NEARER
from drmg_check.sets import UncertaintySet
from drmg_check.targets import set_family, set_name
from drmg_check.vocabulary import Array, DrmgError
from drmg_check.words import Concept

Ask: TypeAlias = Callable[[Question], Answer]
Total: TypeAlias = Callable[[list[Array]], list[Fraction]]  # gaps [i] at the initial state -> regret of k
PAIRS, ALONE, EPISODES = 14, 2, 4


@dataclass(frozen=True, slots=True, eq=False)
class RegretAlternative:
    """Something else that a learner may report as its regret: other gaps, or another total of them."""

    name: str
    words: str
    how: Recursion
    total: Total
    remedy: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    regret: tuple[Fraction, ...]
    played: tuple[Question, ...]  # the gap of each episode's policy


def diagnose_regret(ask: Ask, failed: Question) -> str | None:
    """Say what a learner seems to report in place of its regret, or None.

    Parameters
    ----------
    ask : callable
        Question to answer.
    failed : Question
        One for which the regret is wrong.
    """
    name = set_name(row_set(failed.game.stages[0], 0))
    found = explaining(
        regret_catalogue(set_family(name).make(1), failed.concept),
        _runs(ask, (failed,)),
        _runs(ask, discriminating_runs(name, failed.concept)),
        _compare,
        fewest=FEWEST,
    )
    return sentence(found, "its regret agrees with", "{it} and the declared semantics differ")


@lru_cache(maxsize=64)
def discriminating_runs(name: str, concept: Concept) -> tuple[Question, ...]:
    """Return runs on small games with rewards in [0, 1], of two agents and of one."""
    games = discriminating_games("gap", name)
    chosen = (*games[-PAIRS:], *games[:ALONE])
    unit = [with_rewards(one, Fraction(1, 8), Fraction(1, 2)) for one in chosen]  # from [-4, 4]
    asked = [replace(one, level="learner", concept=concept, episodes=EPISODES) for one in unit]
    return tuple(map(question_as_given, asked))


@lru_cache(maxsize=64)
def regret_catalogue(uncertainty: UncertaintySet, concept: Concept) -> tuple[RegretAlternative, ...]:
    """Return the alternatives to regret, the likeliest first."""
    totals = [RegretAlternative(*each[:2], _RIGHT[concept], each[2]) for each in _TOTALS]
    gaps = [
        RegretAlternative(one.name, one.words, _of_concept(one.how, concept), _sum, one.remedy)
        for one in value_catalogue("gap", uncertainty)
    ]
    return (*totals, *gaps)


def _of_concept(how: Recursion, concept: Concept) -> Recursion:
    if concept == "ce" and how.respond is best_answer:
        return replace(how, respond=best_modification)
    return how


_RIGHT: dict[Concept, Recursion] = {
    "nash": Recursion(),
    "cce": Recursion(),
    "ce": Recursion(respond=best_modification),
}


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


def _runs(ask: Ask, questions: tuple[Question, ...]) -> Iterator[_Run]:
    for question in questions:
        run = ask(question).run
        if run is None:
            continue
        policies = [read_policy(question.game, pi, question.concept)[1] for pi in run["pi"]]
        kept = [one for one in policies if one is not None]
        if len(kept) == len(policies):
            yield _Run(tuple(run["regret"]), _gap_questions(question, kept))


def _gap_questions(question: Question, policies: list[JointPolicy]) -> tuple[Question, ...]:
    """Return one question for each policy; equal ones are the same."""
    known: dict[bytes, Question] = {}
    for policy in policies:
        known.setdefault(policy.pi.tobytes(), replace(question, level="gap", policy=policy))
    return tuple(known[policy.pi.tobytes()] for policy in policies)


def _compare(one: RegretAlternative, run: _Run) -> Comparison | None:
    said = _regret(one.how, one.total, run)
    truth = _regret(_RIGHT[run.played[0].concept], _sum, run)
    if said is None or truth is None:
        return None
    sizes = [(k + 1) * largest_value(run.played[0].game) for k in range(len(run.regret))]
    cases = list(zip(run.regret, said, truth, sizes, strict=True))
    return Comparison(
        agrees=all(abs(answer - x) <= ACCEPTED * size for answer, x, _, size in cases),
        differs=any(abs(x - right) > DIFFERENT * size for _, x, right, size in cases),
        nearer=any(NEARER * abs(answer - x) < abs(answer - right) for answer, x, right, _ in cases),
    )


def _regret(how: Recursion, total: Total, run: _Run) -> list[Fraction] | None:
    gaps = [_gap(how, question) for question in run.played]
    kept = [one for one in gaps if one is not None]
    return total(kept) if len(kept) == len(gaps) else None


@lru_cache(maxsize=4096)
def _gap(how: Recursion, question: Question) -> Array | None:
    try:
        gap: Array = np.asarray(answer_by(how, question))[:, question.game.initial_state]
    except (DrmgError, ArithmeticError, ValueError):
        return None
    return gap
