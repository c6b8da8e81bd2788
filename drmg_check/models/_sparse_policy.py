"""Joint policies whose rules are compressed: for many states, in which few joint actions are played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

import numpy as np

from drmg_check.models._game import checked_actions
from drmg_check.models._model import Model
from drmg_check.models._policy import JointPolicy, product_policy
from drmg_check.models._rows import DenseRows, SparseRows, compressed, exact_array, support
from drmg_check.vocabulary import Array, FloatArray, InputError, exact, float_view


@dataclass(frozen=True, slots=True, eq=False)
class SparsePolicy:
    """A Markov joint policy by the joint actions that it plays, or by those of each agent.

    Parameters
    ----------
    rules : tuple of SparseRows
        One of the joint policy, ``(H, S, A)``: row (h, s) has the joint actions that are played there.
        Or one for each of several agents, ``(H, S, A_i)``, who draw independently. A row means its exact
        normalisation, as a row of a game does.
    actions : tuple of int, length m
        Number of actions of each agent, product A; joint actions in C order.
    horizon : int, optional
        Of rules that have a single step, which serves them all.

    Raises
    ------
    InputError
        Rules that do not fit the actions, the horizon or each other.

    Examples
    --------
    >>> coin = SparseRows(indptr=[0, 2], indices=[0, 3], weights=["1/3", "2/3"], shape=(1, 1, 4))
    >>> policy = SparsePolicy((coin,), (2, 2), horizon=3)
    >>> policy.horizon, policy.n_states, policy.rule(2).round(3).tolist()
    (3, 1, [[0.333, 0.0, 0.0, 0.667]])
    >>> policy.exact_rule(0, 0)
    [Fraction(1, 3), Fraction(0, 1), Fraction(0, 1), Fraction(2, 3)]
    """

    rules: tuple[SparseRows, ...]
    actions: tuple[int, ...]
    horizon: int = 0
    n_states: int = field(init=False)

    def __post_init__(self) -> None:
        actions, rules = checked_actions(self.actions), tuple(self.rules)
        widths = (prod(actions),) if len(rules) == 1 else actions
        shapes = [rule.shape for rule in rules]
        fits = len(rules) == len(widths) and all(
            shape == (*shapes[0][:2], n) for shape, n in zip(shapes, widths, strict=True)
        )
        steps = shapes[0][0] if shapes else 0
        horizon = self.horizon or steps
        if not fits or horizon < 1 or steps not in (1, horizon):
            raise InputError(
                f"rules have shapes {shapes} for actions={actions!r}, horizon={self.horizon!r}; expected one "
                f"(H, S, {prod(actions)}), or (H, S, A_i) for each agent"
            )
        for name, value in (
            ("actions", actions),
            ("rules", rules),
            ("horizon", int(horizon)),
            ("n_states", shapes[0][1]),
        ):
            object.__setattr__(self, name, value)

    def rule(self, h: int) -> FloatArray:
        """Return the weights of step h in float64, ``[S, A]``; of a product each is rounded once an agent."""
        joint: FloatArray = np.ones((self.n_states, 1))
        for rows in self.rules:
            written = _step(rows, rows.P, h)
            joint = written if len(self.rules) == 1 else _outer(joint, written)
        return joint

    def exact_rule(self, h: int, s: int) -> list[Fraction]:
        """Return the exact weights at (h, s), length A, of which the normalisation is meant."""
        joint = [Fraction(1)]
        for rows in self.rules:
            each = [Fraction(0)] * rows.shape[2]
            actions, weights = support(rows, _stored(rows, h), s)
            for a, weight in zip(actions.tolist(), weights.tolist(), strict=True):
                each[a] = exact(weight)
            joint = [x * y for x in joint for y in each]
        return joint

    @property
    def is_independent(self) -> bool:
        """Whether agents draw independently, as far as can be told from how often several actions are played.

        It is certain where it is true: a policy by agents, one agent, or a joint action for sure everywhere.
        """
        (first, *more) = self.rules
        return bool(more) or len(self.actions) == 1 or len(first.indices) == len(first.indptr) - 1

    @property
    def stored(self) -> Iterator[Array]:
        """The weights that are kept."""
        return (rows.weights for rows in self.rules)


def compressed_rule(rule: FloatArray) -> SparseRows:
    """Return the rule of a step, ``[S, n]``, without its zeros.

    >>> rows = compressed_rule(np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]))
    >>> rows.indptr.tolist(), rows.indices.tolist(), rows.shape
    ([0, 2, 3], [0, 1, 2], (1, 2, 3))
    """
    return compressed(DenseRows(rule[None]))


def stacked(steps: Sequence[SparseRows]) -> SparseRows:
    """Return the rules of steps one after the other, each of shape ``(1, S, n)``.

    >>> rows = stacked([compressed_rule(np.eye(2)), compressed_rule(np.eye(2)[::-1])])
    >>> rows.shape, rows.indices.tolist()
    ((2, 2, 2), [0, 1, 1, 0])
    """
    counts = np.concatenate([np.diff(rows.indptr) for rows in steps])
    return SparseRows(
        indptr=np.concatenate([[0], np.cumsum(counts)]),
        indices=np.concatenate([rows.indices for rows in steps]),
        weights=np.concatenate([rows.weights for rows in steps]),
        shape=(len(steps), *steps[0].shape[1:]),
    )


def sparse_policy(policy: JointPolicy) -> SparsePolicy:
    """Return the same policy by the joint actions that it plays.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> sparse_policy(uniform_policy(load("initial-shock"))).exact_rule(3, 1)[0]
    Fraction(1, 4)
    """
    rows = compressed(DenseRows(policy.stored, float_view(policy.stored)))
    return SparsePolicy((rows,), policy.actions, policy.horizon)


def joint_policy(policy: SparsePolicy) -> JointPolicy:
    """Return the same policy with a weight for every joint action, for few states.

    >>> coin = SparseRows(indptr=[0, 2], indices=[0, 3], weights=["1/3", "2/3"], shape=(1, 1, 4))
    >>> joint_policy(SparsePolicy((coin,), (2, 2), horizon=3)).weights.shape
    (3, 1, 4)
    """
    each = [exact_array(rows) for rows in policy.rules]
    joint = each[0] if len(each) == 1 else product_policy(each).weights
    return JointPolicy(np.broadcast_to(joint, (policy.horizon, *joint.shape[1:])), policy.actions)


def uniform_rules(game: Model) -> SparsePolicy:
    """Return the policy in which every agent plays each action with probability 1 / A_i.

    >>> from drmg_check.zoo import load
    >>> uniform_rules(load("initial-shock")).exact_rule(3, 1)[0]
    Fraction(1, 4)
    """
    S = game.n_states
    rules = tuple(
        SparseRows(
            indptr=np.arange(S + 1) * n,
            indices=np.tile(np.arange(n), S),
            weights=np.full(S * n, Fraction(1, n), dtype=object),
            shape=(1, S, n),
        )
        for n in game.actions
    )
    return SparsePolicy(rules, game.actions, len(game.stages))


def _stored(rows: SparseRows, h: int) -> int:
    return h if rows.shape[0] > 1 else 0


def _step(rows: SparseRows, numbers: FloatArray, h: int) -> FloatArray:
    _, S, n = rows.shape
    first = _stored(rows, h) * S
    ends = rows.indptr[first : first + S + 1]
    written = np.zeros((S, n))
    entries = slice(ends[0], ends[-1])
    written[np.repeat(np.arange(S), np.diff(ends)), rows.indices[entries]] = numbers[entries]
    return written


def _outer(joint: FloatArray, own: FloatArray) -> FloatArray:
    product: FloatArray = (joint[:, :, None] * own[:, None, :]).reshape(len(own), -1)
    return product
