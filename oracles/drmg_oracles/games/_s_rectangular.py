r"""Values where the actions of a state share a budget: one small game against nature in each state.

Agent i's adversary chooses the kernels of all joint actions of a state together, ``sum_a w_a D(q_a, p_a) <=
kappa``. So a joint policy x is worth ``min_q sum_a x(a) (r_i(s, a) + E_{q_a} V_i)`` there, and a response to
the others' ``x_{-i}`` is a distribution d over the own actions,

    max_d min_q sum_k d(k) sum_b x_{-i}(b) (r_i(s, (k, b)) + E_{q_{k, b}} V_i),

which may have to be mixed. Both are enclosed with a certificate. They are monotone in V and commute with
adding constants, so that the rest of the recursion is that of single rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from drmg_check.files import Steps
from drmg_check.models import (
    JointPolicy,
    Model,
    Stage,
    action_distribution,
    needed_states,
    nominal_row,
    state_problem,
)
from drmg_check.sets import SRectangular
from drmg_check.vocabulary import Array, Ends
from drmg_oracles.games._fixed_point import Between, Moves, Operator
from drmg_oracles.games._iterate import iterate
from drmg_oracles.games._resuming import resuming
from drmg_oracles.rows import IntegerRow, over_common_denominator
from drmg_oracles.states import StateEnclosure, enclose_state


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which joint action belongs to which choice of agent i, and what the others contribute to it."""

    choices: tuple[int, ...]
    shares: tuple[Fraction, ...]

    def played(self, d: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """Return the probabilities of the joint actions under probabilities d of the choices."""
        return tuple(d[k] * c for k, c in zip(self.choices, self.shares, strict=True))


Asked = Callable[[int, int], Drawn]
"""``(h, s)`` to what is drawn there."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How bounds are rounded: see ``_bellman.py``."""

    precision: int
    grid: Fraction
    longest: int
    outward: Callable[[Fraction, Fraction, Fraction], Ends]

    def settled(self, low: Fraction, high: Fraction) -> Ends:
        """Round outward what is an interval, or too long."""
        exact = low == high and low.denominator.bit_length() <= self.longest
        return (low, high) if exact else self.outward(low, high, self.grid)


@dataclass(frozen=True, slots=True)
class Resume:
    """Where steps are kept and recalled, with the arrays that go with them: see :func:`resuming`."""

    steps: Steps | None = None
    chosen: Sequence[Array] = ()


def obeying(policy: JointPolicy) -> Asked:
    """Return what a joint policy draws: one choice, to obey."""

    def asked(h: int, s: int) -> Drawn:
        x = action_distribution(policy, h, s)
        return Drawn((0,) * len(x), x)

    return asked


def answering(policy: JointPolicy, i: int) -> Asked:
    """Return what agent i may choose against the marginal of the others."""
    stride, n = prod(policy.actions[i + 1 :]), policy.actions[i]
    own = tuple(a // stride % n for a in range(prod(policy.actions)))

    def asked(h: int, s: int) -> Drawn:
        others: dict[int, Fraction] = {}
        for a, weight in enumerate(action_distribution(policy, h, s)):
            rest = a - own[a] * stride
            others[rest] = others.get(rest, Fraction(0)) + weight
        return Drawn(own, tuple(others[a - own[a] * stride] for a in range(len(own))))

    return asked


def shared_bounds(
    game: Model,
    i: int,
    asked: Asked,
    rounding: Rounding,
    *,
    note: Callable[[int, int, StateEnclosure, list[Fraction], Fraction], None] = lambda *_: None,
    resume: Resume = Resume(),
) -> Between:
    """Return bounds on agent i's values in all stages.

    ``note`` is told ``(h, s)``, what is proved there, and the next values with their width.
    """
    last: dict[int, StateEnclosure] = {}

    def back_up(stage: Stage, following: Between) -> Between:
        width, V = max(following.hi - following.lo), following.lo.tolist()
        lo, hi = (np.empty(stage.n_states, dtype=object) for _ in range(2))
        for s in range(stage.n_states):
            drawn = asked(stage.step, s)
            problem = state_problem(stage, i, s, V, drawn.choices, drawn.shares)
            proved = last[s] = enclose_state(problem, bits=rounding.precision)
            note(stage.step, s, proved, V, width)
            lo[s], hi[s] = rounding.settled(proved.lo, proved.hi + width)
        return Between(lo, hi)

    def moves(stage: Stage, V: list[Fraction]) -> Moves:
        return [_moves(stage, i, s, V, asked(stage.step, s), last[s]) for s in range(len(V))]

    resumed = resuming(back_up, resume.steps, resume.chosen)
    return iterate(game, i, Operator(resumed, moves, rounding.grid, rounding.longest))


def worst_state_rows(
    stage: Stage, i: int, s: int, V: list[Fraction], x: Sequence[Fraction]
) -> list[IntegerRow]:
    """Return the rows of all joint actions that agent i's adversary chooses against the mixture x."""
    proved = enclose_state(state_problem(stage, i, s, V, (0,) * len(x), tuple(x)))
    kept = _kept(stage, i, s, V)
    rows = []
    for q in proved.worst_kernel:
        mass = {t: chance for t, chance in zip(kept, q, strict=True) if chance}
        weights, total = over_common_denominator(tuple(mass.values()))
        rows.append(IntegerRow(tuple(mass), tuple(weights), total))
    return rows


def _kept(stage: Stage, i: int, s: int, V: Sequence[Fraction]) -> tuple[int, ...]:
    uncertainty = stage.uncertainty[i]
    assert isinstance(uncertainty, SRectangular)
    return needed_states(uncertainty, [nominal_row(stage, s, a) for a in range(stage.n_joint_actions)], V)


def _moves(
    stage: Stage, i: int, s: int, V: list[Fraction], drawn: Drawn, proved: StateEnclosure
) -> dict[int, Fraction]:
    """Return where play goes next from a state, as it was answered last, against the worst kernel."""
    x, mixed = drawn.played(proved.policy), dict[int, Fraction]()
    for weight, q in zip(x, proved.worst_kernel, strict=True):
        for t, chance in zip(_kept(stage, i, s, V), q, strict=True):
            if weight and chance:
                mixed[t] = mixed.get(t, Fraction(0)) + weight * chance
    return mixed


def mixtures(game: Model, i: int) -> Array:
    """Return an empty array for agent i's mixed answers, ``[H, S, A_i]``."""
    return np.full((len(game.stages), game.n_states, game.actions[i]), Fraction(0), dtype=object)
