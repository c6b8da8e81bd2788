r"""Is a table of values true? Its places, proved again one by one, in fractions.

A table claims ``L_h <= V_h <= L_h + d_h`` everywhere. By induction from behind the last step it is true if at
every place

    L_h(s) <= (T L_{h+1})(s)    and    (T L_{h+1})(s) + d_{h+1} <= L_h(s) + d_h,

where T is the operator of its question: obey, answer best, answer each recommendation best. One place needs
the rows of one state only; each worst case is proved by the stand-alone checker. All places together prove
the table; a random sample of n places, none of them refused, says that with 95 % confidence fewer than ``3 /
n`` of all are wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial

import numpy as np

from drmg_check.documents import Table
from drmg_check.models import (
    Model,
    Policy,
    action_distribution,
    check_policy_fits,
    exact_radius,
    exact_reward,
    set_at,
    support,
)
from drmg_check.vocabulary import CertificateError, Ends, FloatArray, InputError
from drmg_oracles import checker
from drmg_oracles.policies._verify import RULES, SeenPolicy
from drmg_oracles.rows import certificate_to_json, enclose, row_on_support

BITS = 128  # of worst cases that are no fractions: 1e-38 of the span, far below every width

Place = tuple[int, int]


def sampled_places(table: Table, n: int, seed: int) -> list[Place]:
    """Return n random places (h, s) of a table, or all of them if it has no more.

    >>> table = Table(0, "value", np.zeros((3, 4)), np.zeros(3))
    >>> len(sampled_places(table, 100, 0)), sampled_places(table, 2, 0) == sampled_places(table, 2, 0)
    (8, True)
    """
    H, S = table.L.shape[0] - 1, table.L.shape[1]
    chosen = range(H * S) if n >= H * S else np.random.default_rng(seed).choice(H * S, n, replace=False)
    return [divmod(int(k), S) for k in chosen]


def verify_places(model: Model, policy: Policy, table: Table, places: Iterable[Place]) -> int:
    """Prove a table at some places again.

    Returns
    -------
    int
        How many worst cases the stand-alone checker proved.

    Raises
    ------
    CertificateError
        The table does not follow at a place; the message says where, and what is proved there.
    InputError
        The table is of another game, or the policy is.

    Examples
    --------
    >>> from drmg_check import load, uniform_policy
    >>> game = load("good-bad-chain")
    >>> table = Table(0, "value", np.zeros((game.horizon + 1, 2)), np.arange(game.horizon, -1, -1.0))
    >>> verify_places(game, uniform_policy(game), table, [(game.horizon - 1, 0)])  # rewards lie in [0, 1]
    1
    """
    check_policy_fits(model, policy)
    if table.L.shape != (len(model.stages) + 1, model.n_states) or table.agent >= model.n_agents:
        raise InputError(
            f"the table of agent {table.agent} has {table.L.shape[0] - 1} steps and {table.L.shape[1]} "
            f"states; "
            f"expected {len(model.stages)} and {model.n_states}"
        )
    play, rows = SeenPolicy(model, partial(action_distribution, policy), table.agent), 0
    for h, s in places:
        weights = {a: w for a, w in enumerate(play.draw(h, s)) if w}
        asked: dict[int, Ends] = {}

        def q(a: int, h: int = h, s: int = s, asked: dict[int, Ends] = asked) -> Ends:
            if a not in asked:
                asked[a] = _action_value(model, table.agent, h, s, a, table.L[h + 1])
            return asked[a]

        low, high = RULES[table.question](play, weights, q)
        rows += len(asked)
        least, most = table.bounds(h, s)
        if not (least <= low and high + Fraction(float(table.d[h + 1])) <= most):
            raise CertificateError(
                f"agent {table.agent}, {table.question}, step {h}, state {s}: [{float(least)!r}, "
                f"{float(most)!r}] does "
                f"not follow from the next step; proved is [{float(low)!r}, {float(high)!r} + "
                f"{float(table.d[h + 1])!r}]"
            )
    return rows


def _action_value(model: Model, i: int, h: int, s: int, a: int, following: FloatArray) -> Ends:
    stage = model.stages[h]
    states, weights = support(stage.rows, s, a)
    row = row_on_support(
        set_at(stage, i, s, a), states.tolist(), weights.tolist(), exact_radius(stage, i, s, a), following
    )
    try:
        low, high = checker.verify(certificate_to_json(enclose(row, bits=BITS)))
    except checker.RefusedError as error:
        raise CertificateError(f"a worst case cannot be proved: {error}") from error
    reward = exact_reward(stage, i, s, a)
    return low + reward, high + reward
