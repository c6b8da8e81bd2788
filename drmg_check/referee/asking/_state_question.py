"""Questions about one state whose actions share a budget."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from drmg_check.referee.asking._given import given_probabilities
from drmg_check.referee.asking._precision import rounded
from drmg_check.sets import SRectangular, StateProblem, game_set_from_data, game_set_to_data
from drmg_check.vocabulary import InputError, Number, exact, exact_tuple, show
from drmg_check.words import Precision


@dataclass(frozen=True, slots=True)
class StateQuestion:
    """What is asked: ``max_d min_q sum_a d_a (r_a + gamma E_{q_a} V)`` over the kernels within the budget.

    Parameters
    ----------
    uncertainty : SRectangular
    nominal : tuple of rows [A][S]
    rewards : tuple [A]
    values : tuple [S]
    gamma, budget : Fraction

    Raises
    ------
    InputError
        What :class:`StateProblem` refuses, or a negative discount.
    """

    uncertainty: SRectangular
    nominal: tuple[tuple[Fraction, ...], ...]
    rewards: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    gamma: Fraction
    budget: Fraction

    def __post_init__(self) -> None:
        if self.gamma < 0 or len(self.rewards) != len(self.nominal):
            raise InputError(
                f"gamma={show(self.gamma)} and {len(self.rewards)} rewards; expected gamma >= 0 and as many "
                f"rewards as rows, {len(self.nominal)}"
            )
        assert self.problem.n_choices == len(self.rewards)  # the problem refuses everything else

    @classmethod
    def of(
        cls,
        uncertainty: SRectangular,
        nominal: Sequence[Iterable[Number]],
        rewards: Iterable[Number],
        values: Iterable[Number],
        budget: Number,
        gamma: Number = 1,
    ) -> StateQuestion:
        """Build a question from anything that :func:`exact` reads."""
        return cls(
            uncertainty,
            tuple(exact_tuple(row, "nominal") for row in nominal),
            exact_tuple(rewards, "rewards"),
            exact_tuple(values, "values"),
            exact(gamma, "gamma"),
            exact(budget, "budget"),
        )

    @property
    def problem(self) -> StateProblem:
        """The problem with ``z_a = r_a + gamma V``."""
        z = [[r + self.gamma * v for v in self.values] for r in self.rewards]
        return StateProblem.of(self.uncertainty, self.nominal, z, self.budget)

    @property
    def span(self) -> Fraction:
        """``max z - min z``, or 1 if that is 0."""
        ahead = self.gamma * (max(self.values) - min(self.values))
        return ahead + max(self.rewards) - min(self.rewards) or Fraction(1)

    @property
    def size(self) -> Fraction:
        """The largest number that a solver adds up."""
        return max(map(abs, self.rewards)) + self.gamma * max(map(abs, self.values))


def state_as_given(question: StateQuestion, precision: Precision = "float64") -> StateQuestion:
    """Return the question that an implementation of that precision is given for this one."""
    weights = [rounded(question.uncertainty.weight(a), precision) for a in range(len(question.rewards))]
    plain = all(weight == 1 for weight in weights)
    return replace(
        question,
        uncertainty=SRectangular(question.uncertainty.ball, () if plain else weights),
        nominal=tuple(given_probabilities(p, precision) for p in question.problem.probabilities),
        rewards=tuple(rounded(r, precision) for r in question.rewards),
        values=tuple(rounded(v, precision) for v in question.values),
        gamma=rounded(question.gamma, precision),
        budget=rounded(question.budget, precision),
    )


def state_to_json(question: StateQuestion) -> str:
    """Write a question as one line of JSON with exact strings."""
    data = {
        "uncertainty": game_set_to_data(question.uncertainty),
        "nominal": [[show(x) for x in row] for row in question.nominal],
        "rewards": [show(r) for r in question.rewards],
        "values": [show(v) for v in question.values],
        "gamma": show(question.gamma),
        "budget": show(question.budget),
    }
    return json.dumps(data, separators=(",", ":"))


def state_from_json(text: str) -> StateQuestion:
    """Read what :func:`state_to_json` wrote, or what a person typed.

    Raises
    ------
    InputError
        No JSON, a missing member, or an illegal state.
    """
    members = ("uncertainty", "nominal", "rewards", "values", "budget", "gamma")
    try:
        data = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise InputError(f"state={text[:60]!r} is no JSON: {error}") from error
    if not isinstance(data, dict) or sorted(data) != sorted(members):
        raise InputError(f"state={text[:60]!r}; expected an object with {', '.join(members)}")
    uncertainty = game_set_from_data(data["uncertainty"])
    if not isinstance(uncertainty, SRectangular) or not isinstance(data["nominal"], list):
        raise InputError(f"state={text[:60]!r}; expected an s-rectangular set and rows as nominal")
    return StateQuestion.of(uncertainty, *(data[name] for name in members[1:]))
