r"""How long a certificate will take on an idle core: the rows that it needs, times what a few of them take.

What a row takes depends on how long its numbers are. Rounded values have 128 bits. Where fractions stay
exact, the worst case of a row has the common denominator D of the next values, times the row's sum, times the
denominator of its radius; an average over rows has the least common multiple of theirs. With T that of the
sums of the rows that meet in one state, T' that of a whole step, and d those of radius and policy,

    bits of V_h = bits of D_{h+1} + log2 T + log2 d,      bits of D_h = bits of D_{h+1} + log2 T' + log2 d,

until a value exceeds 4096 bits; from there on all are rounded. The time of a row grows about linearly with
that length: measured with 12 states and an interval ball 0.3, 0.4, 0.7, 1.0 and 1.4 ms at 128, 450, 1600,
2300 and 3200 bits. So rows are timed at both ends, and a certificate is charged for its mean length.

Of 27 certificates of games with 12 and 20 states, by total variation, interval and KL sets, each took 0.6 to
2 times what was announced; charged for 128 bits only, those by interval sets took up to 2.4 times as much.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import lcm
from time import thread_time

import numpy as np

from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    Model,
    action_distribution,
    exact_radius,
    is_product,
    nominal_row,
    set_at,
    state_problem,
)
from drmg_check.sets import FictitiousTotalVariation, SRectangular, TotalVariation, UncertaintySet
from drmg_check.vocabulary import Array, exact
from drmg_oracles import EXACT_BITS, exact_row, worst_cases
from drmg_oracles.policies._certify import BITS, precision
from drmg_oracles.states import enclose_state

SAMPLED, REPEATED = 6, 3
SWEEPS = 10  # of a discounted game: Newton's method takes five to eight, each with the worst rows besides
READ = 128  # rows whose sums are looked at: unrelated ones of floats have far more than 4096 bits together
GOLDEN = 0x9E3779B97F4A7C15F39CC0605CEDC835  # 2^128 / golden ratio: its multiples look like values
RowTask = Callable[[int, int, int], object]


def estimate_seconds(game: Model, policy: JointPolicy) -> float:
    """Return about how long :func:`certify` takes, from a few rows of each agent, timed.

    The rows are those of :func:`count_rows`. Averages and gains around a row cost about as much as a
    total-variation row. Where the actions of a state share a budget, a certificate asks for each state some
    six times: for the value, for a response and what obeying would earn, and along their paths. Besides, the
    policy is read everywhere twice for the value and five times for a deviation. Equal rows, which are
    enclosed once, make it faster than estimated.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> 0 < estimate_seconds(game, policy) < 60
    True
    """
    deviations = 1 if game.n_agents == 1 or is_product(policy) else 2
    total = 0.0
    for i, uncertainty in enumerate(game.uncertainty):
        if isinstance(uncertainty, FictitiousTotalVariation):
            nominal = _mean_seconds(game, lambda: lambda h, s, a: nominal_row(game.stages[h], s, a))
            places = len(game.stages) * game.n_states * game.n_joint_actions
            total += (2 + 2 * deviations) * places * 2 * nominal
        elif isinstance(uncertainty, SRectangular):
            states = len(game.stages) * game.n_states
            total += 6 * states * _mean_seconds(game, partial(_state_task, game, i))
        else:
            own = set_at(game.stages[0], i, 0, 0)  # where each row has its own, the first stands for all
            bits = mean_bits(game, policy, i, own)
            each = sum(_row_seconds(game, i, ball, bits) for ball in (own, TotalVariation()))
            sweeps = SWEEPS if isinstance(game, DiscountedGame) else 1
            total += count_rows(policy, i, deviations) * each * sweeps
    reading = _mean_seconds(game, lambda: lambda h, s, a: action_distribution(policy, h, s))
    return total + game.n_agents * (2 + 5 * deviations) * len(game.stages) * game.n_states * reading


def count_rows(policy: JointPolicy, i: int, deviations: int) -> int:
    """Return how many worst cases of agent i a certificate needs, for a set of rows and at most.

    Each row that is played is needed once for the value and once on its path. A deviation needs the rows of
    all answers to what the others may play, and of one of them on its path. A product policy has one
    deviation, a correlated one has two.
    """
    played = _played(policy)
    others = int(played.any(axis=2 + i).sum())
    return 2 * int(played.sum()) + deviations * others * (policy.actions[i] + 1)


def mean_bits(game: Model, policy: JointPolicy, i: int, uncertainty: UncertaintySet) -> float:
    """Return about how long agent i's next values are, on average over the steps: from 128 to 4096 bits.

    By the recursion of the module, with the sums of some rows of the first step, and as many in a state as
    the others have joint actions there.
    """
    if precision(game) is not None or isinstance(game, DiscountedGame) or not _is_exact(game, i, uncertainty):
        return BITS
    H, S, A, first = len(game.stages), game.n_states, game.n_joint_actions, game.stages[0]
    chosen = range(0, S * A, max(1, S * A // READ))
    sums = {exact_row(first.rows, k // A, k % A).total for k in chosen}
    common, weights = lcm(*sums).bit_length(), _bits(policy.weights[0])
    met = _played(policy).any(axis=2 + i).sum() / (H * S) * max(sums).bit_length()
    d = _bits(first.radius[i]) + weights
    denominator = _bits(first.reward[i]) + weights
    lengths = [0.0, denominator]  # of V_H and of V_{H-1}, which averages rewards
    while len(lengths) < H and denominator + min(met, common) + d <= EXACT_BITS:
        lengths.append(denominator + min(met, common) + d)
        denominator += min(S * met, common) + d
    exactly = lengths[:H]
    return (sum(max(length, BITS) for length in exactly) + BITS * (H - len(exactly))) / H


def _played(policy: JointPolicy) -> Array:
    """Return where a joint action may be played, ``[h, s, a_0, a_1, ...]``."""
    return policy.pi.reshape(policy.horizon, policy.n_states, *policy.actions) > 0.0


def _bits(numbers: Array) -> int:
    """Return the length of the longest denominator."""
    return max(exact(x).denominator.bit_length() for x in set(numbers.ravel().tolist()))


def _is_exact(game: Model, i: int, uncertainty: UncertaintySet) -> bool:
    """Whether the worst cases of a few rows are numbers, not intervals: the set is polyhedral."""
    row = _row_task(game, i, uncertainty, BITS)
    return all(low == high for low, high in (row(*place) for place in _places(game)))


def _row_seconds(game: Model, i: int, uncertainty: UncertaintySet, bits: float) -> float:
    """Return the time of one row of agent i, averaged over a few that are spread over the game."""

    def at(length: int) -> float:
        return _mean_seconds(game, partial(_row_task, game, i, uncertainty, length))

    short, share = at(BITS), (bits - BITS) / (EXACT_BITS - BITS)
    return short + share * (at(EXACT_BITS) - short) if share else short


def _row_task(
    game: Model, i: int, uncertainty: UncertaintySet, bits: int
) -> Callable[[int, int, int], tuple[Fraction, Fraction]]:
    """Return ``(h, s, a) -> worst case`` of values with so many bits, which remembers rows."""
    largest = max(float(np.abs(stage.r[i]).max()) for stage in game.stages)
    scale, unit = Fraction(float(game.occupancy.sum()) * largest), 2**bits - 1
    V = [scale * Fraction(pow(GOLDEN, s + bits, unit), unit) for s in range(game.n_states)]
    worst, top = worst_cases(uncertainty, V, BITS), uncertainty.max_radius

    def row(h: int, s: int, a: int) -> tuple[Fraction, Fraction]:
        stage = game.stages[h]
        radius = exact_radius(stage, i, s, a)
        return worst(exact_row(stage.rows, s, a), radius if top is None else min(radius, top))

    return row


def _state_task(game: Model, i: int) -> RowTask:
    """Return ``(h, s, _) -> what a state is worth`` for values of 128 bits, where its rows share a budget."""
    unit, A = 2**BITS - 1, game.n_joint_actions
    V = [Fraction(pow(GOLDEN, s + BITS, unit), unit) for s in range(game.n_states)]
    shares = (Fraction(1, A),) * A
    return lambda h, s, _: enclose_state(state_problem(game.stages[h], i, s, V, (0,) * A, shares), bits=BITS)


def _mean_seconds(game: Model, fresh: Callable[[], RowTask]) -> float:
    """Average over a few places the least CPU time of some calls: imports and a busy machine do not count."""
    rows, places = [fresh() for _ in range(REPEATED)], _places(game)
    return sum(min(_seconds(row, place) for row in rows) for place in places) / len(places)


def _seconds(row: RowTask, place: tuple[int, int, int]) -> float:
    began = thread_time()
    row(*place)
    return thread_time() - began


def _places(game: Model) -> list[tuple[int, int, int]]:
    shape = (len(game.stages), game.n_states, game.n_joint_actions)
    count = int(np.prod(shape))
    chosen = sorted({k * count // SAMPLED for k in range(SAMPLED)})
    return [(int(h), int(s), int(a)) for h, s, a in zip(*np.unravel_index(chosen, shape), strict=True)]
