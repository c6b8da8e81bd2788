r"""The lines of a stand-alone program that show with NumPy alone what is wrong with a policy.

A distribution is held against its definition, and an equilibrium of a stage game too: the program computes
what deviating gains. The values of a whole game would need a solver, so that the program of a planner rests
on the exact recursion, and on how little a gain changes with the policy. If every entry of pi changes by at
most d, a value changes at step h by at most ``A d max |Q_h| <= A d M`` with ``M = H max |r|``, so that any
value changes by at most ``H A d M`` in all, and a gain by twice that. Hence from every policy nearer than

    (gain - what is forgiven) / (2 H A M)

to the one that was returned, the same agent still gains more than is forgiven.
"""

from __future__ import annotations

from fractions import Fraction

from drmg_check.models import FiniteHorizon
from drmg_check.referee.asking import GameQuestion
from drmg_check.referee.evidence._faults import GameFault
from drmg_check.referee.evidence._policies import PolicyErrors
from drmg_check.referee.evidence._truth import largest_value
from drmg_check.words import Concept
from drmg_properties.laws import Tolerance

_EARNED = """
gains = []
for i, n in enumerate(actions):
    # earned[k, b]: what agent i earns when it should play k and plays b
    earned = np.moveaxis(x, i, 0).reshape(n, -1) @ np.moveaxis(payoffs[i], i, 0).reshape(n, -1).T
"""
_GAINED: dict[Concept, str] = {
    "nash": "    gains.append(earned.sum(axis=0).max() - np.trace(earned))",
    "cce": "    gains.append(earned.sum(axis=0).max() - np.trace(earned))",
    "ce": "    gains.append((earned.max(axis=1) - np.diag(earned)).sum())",
}
_INDEPENDENT = """
for x in answer.reshape(-1, *actions):
    independent = np.ones(())
    for i in range(len(actions)):
        others = tuple(j for j in range(len(actions)) if j != i)
        independent = np.multiply.outer(independent, x.sum(axis=others))
    assert abs(x - independent).max() <= apart, "no product of marginals"
"""


def illegal_policy_lines(game: FiniteHorizon, concept: Concept, tolerance: Tolerance) -> list[str]:
    """Return the lines that follow ``answer``; they fail while it is no policy, for NASH no product."""
    forgiven = PolicyErrors.of(game, tolerance)
    lines = [
        f"weights = answer.reshape(-1, {game.n_joint_actions})",
        f'assert weights.min() >= -{float(forgiven.entry)!r}, "a negative probability"',
        f'assert abs(weights.sum(axis=1) - 1).max() <= {float(forgiven.total)!r}, "no distribution"',
    ]
    if concept == "nash":
        lines += [f"apart = {float(forgiven.product)!r}", *_INDEPENDENT.strip().splitlines()]
    return lines


def stage_gap_lines(concept: Concept, allowed: Fraction, *, costs: bool) -> list[str]:
    """Return the lines that follow ``answer``; they fail while deviating from it in a stage game gains."""
    return [
        f"x, payoffs = answer.reshape(actions), {'-' if costs else ''}u.reshape(-1, *actions)",
        *_EARNED.strip().splitlines(),
        _GAINED[concept],
        'print("each agent gains by deviating:", gains)',
        f"assert max(gains) <= {float(allowed)!r}  # more than is forgiven",
    ]


def plan_gap_lines(fault: GameFault[GameQuestion]) -> list[str]:
    """Return the lines that follow ``answer``; they fail while it is near a policy that was refuted."""
    game, answer = fault.question.game, fault.answer.array
    assert fault.low is not None
    assert answer is not None
    reach = (fault.low - fault.allowed) / (2 * game.horizon * game.n_joint_actions * largest_value(game))
    return [
        f"faulty = np.array({answer.astype(float).tolist()})",
        f"# {fault.message}: by exact recursion",
        f"reach = {_below(reach)!r}  # from any policy nearer than this the agent still gains",
        'print("distance from the faulty policy:", abs(answer - faulty).max())',
        "assert abs(answer - faulty).max() >= reach",
    ]


def _below(x: Fraction) -> float:
    """Return a float64 that is not larger."""
    return float(x) * (1 - 2.0**-52)
