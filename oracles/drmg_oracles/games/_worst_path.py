"""The worst kernel of one agent along the path of a policy: what its adversary does where play can come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from drmg_check.models import (
    JointPolicy,
    Model,
    action_distribution,
    check_policy_fits,
    exact_radius,
    row_set,
)
from drmg_check.sets import FictitiousTotalVariation, UncertaintySet
from drmg_check.vocabulary import Array
from drmg_oracles.games._bellman import DEFAULT_BITS, exact_row, reduced_row
from drmg_oracles.games._fictitious import averaged_game, own_policy
from drmg_oracles.games._iterate import in_order
from drmg_oracles.rows import (
    IntegerRow,
    enclose,
    in_integers,
    integer_values,
    over_common_denominator,
    worst_row_in_integers,
)


@dataclass(frozen=True, slots=True)
class WorstRow:
    """One row of the worst kernel, beside the nominal row.

    Attributes
    ----------
    h, s, a : int
        Where; ``a`` is the joint action, or agent i's own one if its set is fictitious.
    nominal, worst : IntegerRow
        Exact distributions by their supports; the second lies in the ball around the first.
    loss : float
        About what the adversary takes: the probability of coming here times the fall of the expectation.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles import evaluate_exactly
    >>> start = next(worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0]))
    >>> row = start.rows[0]
    >>> row.moved, row.nominal.states, row.worst.states
    (True, (0,), (0, 1))
    """

    h: int
    s: int
    a: int
    nominal: IntegerRow
    worst: IntegerRow
    loss: float

    @property
    def moved(self) -> bool:
        """Whether the two distributions differ."""
        p, q = self.nominal, self.worst
        return p.states != q.states or any(
            nominal * q.total != worst * p.total for nominal, worst in zip(p.weights, q.weights, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """A place where play can come under the worst kernel, and the rows that it may meet there.

    ``reach`` is about the probability of coming to state s at step h. The last step has no rows: nothing
    that follows it is worth anything.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles import evaluate_exactly
    >>> start = next(worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0]))
    >>> start.h, start.s, start.reach, len(start.rows)
    (0, 0, 1.0, 4)
    """

    h: int
    s: int
    reach: float
    rows: tuple[WorstRow, ...]


def worst_path(game: Model, policy: JointPolicy, i: int, V: Array) -> Iterator[Visit]:
    """Walk forwards from the initial state under a policy and agent i's worst kernel against it.

    Parameters
    ----------
    game, policy
    i : int
    V : object array [H + 1, S]
        Lower bounds on agent i's values, as of :func:`evaluate_exactly`. Against exact values the
        kernel attains the robust value; against bounds, up to their distance and that of each row's
        enclosure, added along h.

    Yields
    ------
    Visit
        By step, then state. Who can be reached is decided exactly, probabilities are floats.

    Raises
    ------
    InputError
        The policy belongs to another game.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles import evaluate_exactly
    >>> visits = worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0])
    >>> [(visit.h, visit.s, visit.reach) for visit in visits][:3]
    [(0, 0, 1.0), (1, 0, 0.9), (1, 1, 0.1)]
    """
    check_policy_fits(game, policy)
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        yield from worst_path(averaged_game(game, policy, i, obeying=True), own_policy(policy, i), 0, V)
        return
    reach = {game.initial_state: 1.0}
    for stage, goes_on in in_order(game):
        h = stage.step
        worst = _worst_rows(row_set(stage, i), V[h + 1].tolist())
        values = [float(x) for x in V[h + 1]]
        following: dict[int, float] = {}
        for s, chance in sorted(reach.items()):
            rows = []
            joint = action_distribution(policy, h, s) if goes_on else ()
            for a, weight in enumerate(joint):
                if weight:
                    nominal = exact_row(stage.rows, s, a)
                    moved = worst(nominal, exact_radius(stage, i, s, a))
                    mass = chance * float(weight)
                    for t, p in zip(moved.states, moved.weights, strict=True):
                        following[t] = following.get(t, 0.0) + mass * (p / moved.total)
                    fall = _expectation(nominal, values) - _expectation(moved, values)
                    rows.append(WorstRow(h, s, a, nominal, moved, mass * fall))
            yield Visit(h, s, chance, tuple(rows))
        reach = following


def _worst_rows(
    uncertainty: UncertaintySet, V: list[Fraction]
) -> Callable[[IntegerRow, Fraction], IntegerRow]:
    """Return ``(nominal row, radius) -> worst row``, sorting V once."""
    if in_integers(uncertainty):
        values = integer_values(V)
        return lambda row, radius: worst_row_in_integers(uncertainty, row, values, radius)
    order = sorted(range(len(V)), key=V.__getitem__)

    def enclosed(row: IntegerRow, radius: Fraction) -> IntegerRow:
        kept, reduced = reduced_row(uncertainty, row, radius, V, order)
        q = enclose(reduced, bits=DEFAULT_BITS).worst_distribution
        mass = {s: x for s, x in zip(kept, q, strict=True) if x}
        weights, total = over_common_denominator(tuple(mass.values()))
        return IntegerRow(tuple(mass), tuple(weights), total)

    return enclosed


def _expectation(row: IntegerRow, values: list[float]) -> float:
    return sum(w / row.total * values[s] for s, w in zip(row.states, row.weights, strict=True))
