"""Where play can come, and the rows that it meets there, nominal and worst."""

from __future__ import annotations

from dataclasses import dataclass

from drmg_oracles.rows import IntegerRow


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
        About what the adversary takes: the probability of coming here times the fall of the expectation. In a
        discounted game every visit counts, by its discount.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles import evaluate_exactly, worst_path
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

    ``reach`` is about the probability of coming to state s at step h; in a discounted game, where h is 0, how
    often play comes to s, each visit discounted. The last step has no rows: nothing that follows it is worth
    anything.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles import evaluate_exactly, worst_path
    >>> start = next(worst_path(game, policy, 0, evaluate_exactly(game, policy).lo[0]))
    >>> start.h, start.s, start.reach, len(start.rows)
    (0, 0, 1.0, 4)
    """

    h: int
    s: int
    reach: float
    rows: tuple[WorstRow, ...]
