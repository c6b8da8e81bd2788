"""What states are worth whose actions share a budget: validation and dispatch to the compiled kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from drmg_check.kernels._sweep import LARGEST, _share_out, _sorted_values
from drmg_check.sets import (
    L1,
    ChiSquare,
    Interval,
    KullbackLeibler,
    Operation,
    Shareable,
    SRectangular,
    TotalVariation,
    operation,
)
from drmg_check.vocabulary import FloatArray, InputError, IntArray, NumericalError

TOO_LITTLE = 2.0**-900  # a span of V against the rewards below which it does not show in their sum


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """How the actions of states are drawn: see :class:`drmg_check.sets.StateProblem`.

    Parameters
    ----------
    choices : int array [A]
    shares : array [S, A]

    Examples
    --------
    >>> Shares(np.array([0, 1]), np.ones((1, 2))).n_choices
    2
    """

    choices: IntArray
    shares: FloatArray

    @property
    def n_choices(self) -> int:
        """The number K of choices."""
        return int(self.choices.max()) + 1


@dataclass(frozen=True, slots=True, eq=False)
class StateRows:
    """The rows that a sweep over states reads.

    Attributes
    ----------
    P : array [S, A, S']
    r, shares : array [S, A]
    weights : array [1, A]
    members, starts : int array [A], [K + 1]
        The actions by choice.
    budget : array [S]
    W : array [S']
        Next values in [0, 1].
    order : int array [S']
    """

    P: FloatArray
    r: FloatArray
    shares: FloatArray
    weights: FloatArray
    members: IntArray
    starts: IntArray
    budget: FloatArray
    W: FloatArray
    order: IntArray

    def of(self, part: slice) -> tuple[FloatArray | IntArray, ...]:
        """Return what a compiled kernel reads of some states."""
        rows = (self.P[part], self.r[part], self.shares[part], self.weights, self.members, self.starts)
        return *rows, self.budget[part], self.W, self.order


state_kernels: Operation[[StateRows, slice, FloatArray, FloatArray], None] = operation(
    "state kernel", __name__, "compiled worths of states whose actions share a budget", of=Shareable
)


@state_kernels.register(L1)
def _l1(ball: L1, rows: StateRows, part: slice, out: FloatArray, policy: FloatArray) -> None:
    from drmg_check.kernels._state_pieces import states

    states(*rows.of(part), ball.leaves_support, 2.0, out[part], policy[part])


@state_kernels.register(TotalVariation)
def _tv(ball: TotalVariation, rows: StateRows, part: slice, out: FloatArray, policy: FloatArray) -> None:
    from drmg_check.kernels._state_pieces import states

    states(*rows.of(part), ball.leaves_support, 1.0, out[part], policy[part])


@state_kernels.register(Interval)
def _interval(ball: Interval, rows: StateRows, part: slice, out: FloatArray, policy: FloatArray) -> None:
    from drmg_check.kernels._state_pieces import states

    states(*rows.of(part), ball.leaves_support, 0.0, out[part], policy[part])


@state_kernels.register(KullbackLeibler)
def _kl(_: KullbackLeibler, rows: StateRows, part: slice, out: FloatArray, policy: FloatArray) -> None:
    from drmg_check.kernels._state_tilts import states

    states(True, *rows.of(part), out[part], policy[part])


@state_kernels.register(ChiSquare)
def _chi2(_: ChiSquare, rows: StateRows, part: slice, out: FloatArray, policy: FloatArray) -> None:
    from drmg_check.kernels._state_tilts import states

    states(False, *rows.of(part), out[part], policy[part])


def worst_case_states(
    uncertainty: SRectangular,
    P: FloatArray,
    r: FloatArray,
    budget: FloatArray,
    V: FloatArray,
    *,
    shares: Shares | None = None,
    threads: int = 1,
) -> tuple[FloatArray, FloatArray]:
    r"""Return what every state is worth to an agent whose adversary shares a budget out among the actions.

    That is ``max_d min_q sum_k d_k sum_{a of k} c_a (r(s, a) + E_{q_a} V)``, over the kernels q with
    ``sum_a w_a D(q_a, P(. | s, a)) <= budget(s)``; and a d that secures it.

    Parameters
    ----------
    uncertainty : SRectangular
    P : array [S, A, S']
        Weights >= 0; a row means ``p / sum(p)``, its sum lies near 1. Zeros are structural.
    r : array [S, A]
    budget : array [S]
    V : array [S']
    shares : Shares, optional
        By default every action is a choice.
    threads : int
        States are shared out to so many; the result is the same for every number.

    Returns
    -------
    values : array [S]
    policy : array [S, K]

    Raises
    ------
    InputError
        Arrays that do not fit, a negative budget, values beyond 2^1021.
    NumericalError
        A row without a value in float64.

    Examples
    --------
    >>> from drmg_check.sets import L1
    >>> P = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    >>> worst_case_states(SRectangular(L1()), P, np.zeros((1, 2)), np.ones(1), np.array([1.0, 0.0]))
    (array([0.75]), array([[0.5, 0.5]]))
    """
    P, r, budget, V = (np.ascontiguousarray(x, dtype=np.float64) for x in (P, r, budget, V))
    S, A = P.shape[:2]
    if shares is None:
        shares = Shares(np.arange(A), np.ones((S, A)))
    _check(uncertainty, P, r, budget, V, shares)
    order, W, low, scale = _sorted_values(V)
    largest = max(float(np.abs(r).max()), abs(low))
    if scale <= TOO_LITTLE * largest:
        scale, W = 1.0, np.zeros_like(W)
    members = np.argsort(shares.choices, kind="stable").astype(np.int64)
    K = shares.n_choices
    starts = np.searchsorted(shares.choices[members], np.arange(K + 1)).astype(np.int64)
    weights = np.array([[float(uncertainty.weight(a)) for a in range(A)]])
    rows = StateRows(
        P, r / scale, np.ascontiguousarray(shares.shares), weights, members, starts, budget, W, order
    )
    values, policy = np.empty(S), np.zeros((S, K))
    kernel = state_kernels.function(uncertainty.ball)
    _share_out(lambda part: kernel(uncertainty.ball, rows, part, values, policy), S, threads)
    if np.isnan(values).any():
        s = int(np.argmax(np.isnan(values)))
        raise NumericalError(f"P[{s}] has no value in float64; use drmg_oracles.enclose_state")
    total = np.ones(S)
    if low:  # the shares of a choice sum to 1 up to rounding; where they do not, min V counts as often
        each = np.zeros((S, K))
        for a, k in enumerate(shares.choices):
            each[:, k] += shares.shares[:, a]
        total = (policy * each).sum(axis=1)
    return values * scale + low * total, policy


def _check(
    uncertainty: SRectangular, P: FloatArray, r: FloatArray, budget: FloatArray, V: FloatArray, shares: Shares
) -> None:
    S, A = P.shape[:2] if P.ndim == 3 else (0, 0)
    if P.ndim != 3 or r.shape != (S, A) or budget.shape != (S,) or V.shape != P.shape[2:] or 0 in P.shape:
        raise InputError(
            f"P.shape={P.shape}, r.shape={r.shape}, budget.shape={budget.shape}, V.shape={V.shape}; expected "
            "[S, A, S'], [S, A], [S] and [S']"
        )
    if not uncertainty.fits(A):
        raise InputError(f"weights has {len(uncertainty.weights)} entries; expected {A}, or none")
    if shares.choices.shape != (A,) or shares.shares.shape != (S, A) or not (shares.shares >= 0.0).all():
        raise InputError(f"shares.shape={shares.shares.shape}; expected numbers >= 0, {(S, A)}")
    if not (budget >= 0.0).all():
        s = int(np.argmin(budget >= 0.0))
        raise InputError(f"budget[{s}]={float(budget[s])!r}; expected a number >= 0")
    if not (np.abs(V) <= LARGEST).all() or not np.isfinite(r).all():
        raise InputError("V or r holds a number beyond 2^1021; rescale the rewards")
    if not (math.isfinite(float(P.max())) and float(P.min()) >= 0.0):
        raise InputError("P holds a negative or infinite weight; expected distributions")
