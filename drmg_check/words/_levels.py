"""The levels: what an implementation may compute, and how its function is called.

This is what both sides of the protocol need to know of a level. What the referee asks, takes for true and
judges at a level stands with the referee.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

LevelName: TypeAlias = Literal[
    "worst-case",
    "backup",
    "evaluation",
    "best-response",
    "gap",
    "equilibrium",
    "planner",
    "learner",
    "discounted-evaluation",
    "discounted-gap",
    "discounted-optimum",
    "s-rectangular",
]
Returns: TypeAlias = Literal["number", "array", "run"]
"""One number (and its distribution, if that is declared), an array, or the arrays of a run by name."""
_OF_THE_GAME = """

    P[h, s, a, s'], r[i, h, s, a], rho[i, h, s, a]; a is the joint action in C order of actions."""
_STATIONARY = """

    P[s, a, s'], r[i, s, a], rho[i, s, a], gamma[i]; a is the joint action in C order of actions. The first
    reward counts fully, the one after k steps gamma[i] ** k."""
_SPAN, _LARGEST = "max V - min V", "H max |r|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How the function of a level is called.

    >>> SIGNATURES["backup"].arguments
    ('P', 'r', 'rho', 'V')

    Parameters
    ----------
    arguments : tuple of str
        Its positional arguments, in order; they are members of the request.
    doc : str
        What it returns: the docstring of the skeleton of an adapter.
    returns : {"number", "array", "run"}
    sets : {0, 1, 2}
        Whether a request has no uncertainty set, one, or one for each agent.
    concept : bool
        Whether it aims at an equilibrium, so that one says which.
    scale : str
        What the declared accuracy is a fraction of.
    costs : bool
        Whether it may take costs for rewards.
    precisions : bool
        Whether it may compute in float32.
    """

    arguments: tuple[str, ...]
    doc: str
    returns: Returns = "array"
    sets: Literal[0, 1, 2] = 2
    concept: bool = False
    scale: str = _SPAN
    costs: bool = True
    precisions: bool = True


_OF_A_POLICY = ("P", "r", "rho", "pi", "actions")
_OF_A_STATIONARY_POLICY = ("P", "r", "rho", "gamma", "pi", "actions")
SIGNATURES: dict[LevelName, Signature] = {
    "worst-case": Signature(
        arguments=("p", "V", "rho"),
        doc="""Return the smallest expectation of V under the distributions within rho of p.

    p and V are float64 vectors of the same length, p sums to 1 and may hold zeros; rho >= 0.""",
        returns="number",
        sets=1,
    ),
    "backup": Signature(
        arguments=("P", "r", "rho", "V"),
        doc="Return Q[s, a] = r[s, a] + the smallest expectation of V within rho[s, a] of P[s, a].",
        sets=1,
    ),
    "evaluation": Signature(
        arguments=_OF_A_POLICY,
        doc="Return V[i, s], each agent's robust value of the joint policy pi[h, s, a] at the first step."
        + _OF_THE_GAME,
    ),
    "best-response": Signature(
        arguments=_OF_A_POLICY,
        doc="Return V[i, s], what agent i's best response to the others under pi[h, s, a] earns."
        + _OF_THE_GAME,
    ),
    "gap": Signature(
        arguments=_OF_A_POLICY,
        doc="Return gap[i, s], what agent i gains by leaving the joint policy pi[h, s, a]." + _OF_THE_GAME,
    ),
    "equilibrium": Signature(
        arguments=("u", "actions"),
        doc="""Return x[a], an equilibrium of the stage game that pays agent i u[i, a]; for nash a product.

    a is the joint action in C order of actions, the number of actions of each agent.""",
        sets=0,
        concept=True,
        scale=_LARGEST,
    ),
    "planner": Signature(
        arguments=("P", "r", "rho", "actions"),
        doc="Return pi[h, s, a], a robust equilibrium of a known game; for nash a product." + _OF_THE_GAME,
        concept=True,
        scale=_LARGEST,
    ),
    "learner": Signature(
        arguments=("P", "r", "rho", "actions", "episodes", "delta", "seed"),
        doc="Learn for some episodes from state 0, drawing next states from P; return what is below, by name."
        """

    pi[k, h, s, a] of each episode; lower[k, i] and upper[k, i] at state 0, below the value of pi and above
    the best deviation with probability 1 - delta; regret[k], the sum over episodes of the largest gap. What a
    learner does not know it leaves out, but for pi.""",
        returns="run",
        concept=True,
        scale=_LARGEST,
        costs=False,
        precisions=False,
    ),
    "discounted-evaluation": Signature(
        arguments=_OF_A_STATIONARY_POLICY,
        doc="Return V[i, s], each agent's robust discounted value of the stationary joint policy pi[s, a]."
        + _STATIONARY,
    ),
    "discounted-gap": Signature(
        arguments=_OF_A_STATIONARY_POLICY,
        doc="Return gap[i, s], what agent i gains by leaving the stationary joint policy pi[s, a]."
        + _STATIONARY,
    ),
    "discounted-optimum": Signature(
        arguments=("P", "r", "rho", "gamma"),
        doc="""Return V[s], the largest robust discounted value that one agent can have.

    P[s, a, s'], r[s, a], rho[s, a]; gamma is a number. The first reward counts fully.""",
    ),
    "s-rectangular": Signature(
        arguments=("P", "r", "V", "kappa", "w", "gamma"),
        doc="""Return the worth of one state whose actions share a budget, and a policy d[a] that secures it.

    P[a, s'], r[a], V[s'], w[a]; action a is worth r[a] + gamma q[a] @ V, where the adversary chooses q
    with sum_a w[a] D(q[a], P[a]) <= kappa.""",
        returns="number",
        sets=1,
        scale="max z - min z",
    ),
}
LEVELS: tuple[LevelName, ...] = tuple(SIGNATURES)
