"""Honest code that returns policies: our solvers, and approximate ones that keep the gap they declare.

An equilibrium that is declared to an accuracy is one that is moved as far as that allows, or the average play
of learners who stop as soon as nobody gains more; a plan is approximate in its rows and in its stage games.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial, reduce

import numpy as np
from scipy.optimize import linprog

from benchmarks.fairness._approximate import off_by
from benchmarks.fairness._exact import SETS, Way, kernel
from benchmarks.fairness._honest import ACCURACIES, RIGHT, Honest, in_digits, sign_by
from benchmarks.fairness._values import Actions, Sets, Textbook, backup
from drmg_check.equilibria import Concept, solve_stages, stage_gaps
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray
from drmg_check.words import Precision

Solver = Callable[[FloatArray, Actions, Concept], FloatArray]
CONCEPTS: tuple[Concept, ...] = ("nash", "cce", "ce")
MOST_ROUNDS = 20_000
single = np.float32


def solved(u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Call our solver."""
    x: FloatArray = solve_stages(u[:, None, :], actions, concept).x[0]
    return x


def solved_in_any_order(u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Call our solver with every agent's actions in an order that is drawn anew each time."""
    rng = np.random.default_rng()
    places = np.ix_(*(rng.permutation(n) for n in actions))
    shuffled = u.reshape(-1, *actions)[(slice(None), *places)].reshape(len(u), -1)
    x = np.empty(actions)
    x[places] = solved(np.ascontiguousarray(shuffled), actions, concept).reshape(actions)
    return x.ravel()


def solved_in_single(u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Return the equilibrium in float32."""
    return solved(u, actions, concept).astype(single).astype(float)


def blurred(share: Fraction, u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Mix an equilibrium with the uniform distribution, as far as the gap that is declared allows.

    Who plays otherwise with probability e changes an expectation by ``2 e max |u|`` at most, and a gain by
    twice that; for NASH each of m agents does so.
    """
    x, m = solved(u, actions, concept), len(actions)
    e = float(share) / (4 * (m if concept == "nash" else 1))
    if concept != "nash":
        return (1 - e) * x + e / len(x)
    return _together([(1 - e) * own + e / len(own) for own in _apart(x.reshape(actions))])


def unclean(share: Fraction, u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Leave each probability off, as a conic program does: some are negative, and their sum is not 1.

    By all that is declared, or by less where that would gain somebody more than is declared.
    """
    x, size = solved(u, actions, concept), float(np.abs(u).max()) or 1.0
    signs = np.random.default_rng(sign_by(u) + 1).choice([-1.0, 1.0], len(x))
    for halvings in range(60):
        left = x + float(share) / 2**halvings * signs
        clean = np.maximum(left, 0)
        played = _together(_apart((clean / clean.sum()).reshape(actions))) if concept == "nash" else clean
        if stage_gaps(u[:, None] / size, played[None] / played.sum(), actions, concept).max() <= float(share):
            return left
    return x


def programmed(u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Solve the linear program of a CE or a CCE by HiGHS, whose tolerance is 1e-7 of the largest payoff."""
    joint, size = np.indices(actions).reshape(len(actions), -1), float(np.abs(u).max()) or 1.0
    gains = []
    for i, n in enumerate(actions):
        stride = int(np.prod(actions[i + 1 :]))
        for other in range(n):
            gain = u[i][np.arange(len(u[i])) + (other - joint[i]) * stride] - u[i]
            gains += [gain] if concept == "cce" else [gain * (joint[i] == told) for told in range(n)]
    optimum = linprog(
        -u.sum(axis=0) / size,
        A_ub=np.array(gains) / size,
        b_ub=np.zeros(len(gains)),
        A_eq=np.ones((1, u.shape[1])),
        b_eq=[1],
    )
    if optimum.x is None:
        raise NotImplementedError("HiGHS finds nothing")
    x: FloatArray = optimum.x
    return x


def learned(share: Fraction, u: FloatArray, actions: Actions, concept: Concept) -> FloatArray:
    """Let agents match external regrets; return their average play once nobody gains more than declared."""
    m, size = len(actions), float(np.abs(u).max()) or 1.0
    payoffs = u.reshape(m, *actions) / size
    regrets, total = [np.zeros(n) for n in actions], np.zeros(actions)
    for k in range(1, MOST_ROUNDS):
        mixed = [r / r.sum() if r.sum() else np.full(len(r), 1 / len(r)) for r in regrets]
        joint = _together(mixed).reshape(actions)
        total += k * joint
        for i in range(m):
            each = _apart(payoffs[i] * joint.sum(axis=i, keepdims=True))[i]
            regrets[i] = np.maximum(regrets[i] + each - mixed[i] @ each, 0)
        if k % 50 == 0:
            x = total / total.sum()
            played = _together(_apart(x)) if concept == "nash" else x.ravel()
            if stage_gaps(payoffs.reshape(m, 1, -1), played[None], actions, concept).max() <= float(share):
                return played
    raise NotImplementedError("it does not converge")


def _apart(x: FloatArray) -> list[FloatArray]:
    """Return the marginals of an array ``[a_1, ..., a_m]``."""
    return [x.sum(axis=tuple(j for j in range(x.ndim) if j != i)) for i in range(x.ndim)]


def _together(mixed: list[FloatArray]) -> FloatArray:
    """Return the product of marginals."""
    product: FloatArray = reduce(np.multiply.outer, mixed).ravel()
    return product


def planned(
    P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions, uncertainty: Sets, concept: Concept
) -> FloatArray:
    """Call our planner."""
    game = RobustMarkovGame(transition=P, reward=r, radius=rho, uncertainty=uncertainty, actions=actions)
    pi: FloatArray = robust_value_iteration(game, concept).policy.pi
    return pi


def planned_in_single(
    P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions, uncertainty: Sets, concept: Concept
) -> FloatArray:
    """Return the plan in float32."""
    return planned(P, r, rho, actions, uncertainty, concept).astype(single).astype(float)


def planned_by(way: Way, solver: Solver) -> Textbook:
    """Solve the stage games of backups backwards, both by honest code."""
    backed_up = backup(way)

    def plan(
        P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions, uncertainty: Sets, concept: Concept
    ) -> FloatArray:
        m, H, S, A = r.shape
        pi, V = np.empty((H, S, A)), np.zeros((m, S))
        for h in reversed(range(H)):
            Q = np.stack([backed_up(P[h], r[i, h], rho[i, h], V[i], uncertainty[i]) for i in range(m)])
            pi[h] = [solver(np.ascontiguousarray(Q[:, s]), actions, concept) for s in range(S)]
            V = (pi[h] * Q).sum(axis=2)
        return pi

    return plan


def planned_approximately(share: Fraction) -> Textbook:
    """Plan with rows and stage games an eighth of the declared accuracy off, by the number of steps.

    A stage gap of e of the largest ``|Q|``, which is H max |r|, adds up to H e of it over H steps.
    """

    def plan(
        P: FloatArray, r: FloatArray, rho: FloatArray, actions: Actions, uncertainty: Sets, concept: Concept
    ) -> FloatArray:
        e = share / (8 * r.shape[1])
        approximate = planned_by(partial(off_by, e), partial(blurred, e))
        return approximate(P, r, rho, actions, uncertainty, concept)

    return plan


def _stages(concept: Concept) -> Iterator[Honest]:
    def honest(
        name: str,
        kind: str,
        solver: Solver,
        accuracy: Fraction = Fraction(0),
        precision: Precision = "float64",
    ) -> Honest:
        told = Implementation(level="equilibrium", concept=concept, accuracy=accuracy, precision=precision)
        repeats = solver is not solved_in_any_order
        return Honest(name=f"{concept} {name}", kind=kind, function=solver, declared=told, repeats=repeats)

    # what of it is rounding is declared: a solver stops at 1e-9 of the largest payoff, like everybody's
    yield honest("by our solver", RIGHT, solved, ACCURACIES[2])
    yield honest("in any order", "random points", solved_in_any_order, ACCURACIES[2])
    yield honest("in float32", "float32", solved_in_single, precision="float32")
    if concept != "nash":
        yield honest("by HiGHS", "a stopping rule", programmed, ACCURACIES[1])
    if concept != "ce":
        yield honest("by learners", "a stopping rule", partial(learned, ACCURACIES[0]), ACCURACIES[0])
    for share in ACCURACIES:
        for how, solver in (("blurred", blurred), ("unclean", unclean)):
            kind = f"declares {in_digits(share)}, off by all of it"
            yield honest(f"{how} by {in_digits(share)}", kind, partial(solver, share), share)


def _plans(concept: Concept) -> Iterator[Honest]:
    def honest(name: str, kind: str, plan: Textbook, accuracy: Fraction) -> Honest:
        told = Implementation(
            level="planner",
            concept=concept,
            sets=SETS,
            accuracy=accuracy,
            precision="float32" if kind == "float32" else "float64",
        )
        repeats = plan is not in_any_order
        return Honest(name=f"{concept} plan {name}", kind=kind, function=plan, declared=told, repeats=repeats)

    in_any_order = planned_by(kernel, solved_in_any_order)
    yield honest("by our planner", RIGHT, planned, ACCURACIES[2])
    yield honest("in float32", "float32", planned_in_single, ACCURACIES[2])
    yield honest("in any order", "random points", in_any_order, ACCURACIES[2])
    for share in ACCURACIES:
        kind = f"declares {in_digits(share)}, off by all of it"
        yield honest(f"off by {in_digits(share)}", kind, planned_approximately(share), share)


STAGES = tuple(honest for concept in CONCEPTS for honest in _stages(concept))
PLANS = tuple(honest for concept in CONCEPTS for honest in _plans(concept))
"""What is judged on equilibria of stage games, and of whole games."""
