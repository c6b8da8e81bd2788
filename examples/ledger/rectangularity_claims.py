"""Two lemmas on robust Markov decision processes, one of which needs an assumption that is easily dropped.

Sources: G. N. Iyengar, Robust dynamic programming, Mathematics of Operations Research 30(2), 2005;
A. Nilim and L. El Ghaoui, Robust control of Markov decision processes with uncertain transition matrices,
Operations Research 53(5), 2005; W. Wiesemann, D. Kuhn and B. Rustem, Robust Markov decision processes,
Mathematics of Operations Research 38(1), 2013. All three state what is true. The claim that is refuted here
is the lemma *as stated without (s, a)-rectangularity*: with s-rectangular sets an optimal policy may have to
randomise, as the last of them shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import worst_case_exact
from drmg_properties import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Ledger,
    Neighbour,
    at_least,
    at_most,
)
from drmg_properties.strategies import fractions, nominal_rows, simple_fractions, value_vectors

Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class TwoValues:
    """A robust decision process ``P[s][a][s']``, ``r[s][a]`` with balls of total variation, and V and W."""

    P: tuple[tuple[Vector, ...], ...]
    r: tuple[Vector, ...]
    radius: Fraction
    discount: Fraction
    V: Vector
    W: Vector

    def __post_init__(self) -> None:
        if not 0 <= self.discount < 1:
            raise InputError(f"discount={self.discount}; expected 0 <= discount < 1")


def bellman(case: TwoValues, V: Vector) -> Vector:
    """Return ``(TV)(s) = max_a r(s, a) + discount * min_Q E_Q V`` over the ball around ``P(s, a)``."""
    return tuple(
        max(
            r + case.discount * worst_case_exact(Row.of(TotalVariation(), p, V, case.radius))
            for p, r in zip(of_state, rewards, strict=True)
        )
        for of_state, rewards in zip(case.P, case.r, strict=True)
    )


def distance(V: Vector, W: Vector) -> Fraction:
    """Return the largest difference."""
    return max(abs(v - w) for v, w in zip(V, W, strict=True))


def contraction(case: TwoValues, factor: Fraction = Fraction(1)) -> Derivation:
    """Derive ``|TV - TW| <= factor discount |V - W|``."""
    TV, TW = bellman(case, case.V), bellman(case, case.W)
    return at_most(
        distance(TV, TW),
        factor * case.discount * distance(case.V, case.W),
        lambda: (
            f"V = {shown(case.V)}, W = {shown(case.W)}, radius {case.radius}, discount {case.discount}",
            f"TV = {shown(TV)}, TW = {shown(TW)}",
        ),
    )


def two_values(budget: Budget) -> st.SearchStrategy[TwoValues]:
    """Draw a process of two or three states with two actions."""
    return st.integers(2, 2 + budget.size // 2).flatmap(
        lambda S: st.builds(
            TwoValues,
            st.tuples(*(st.tuples(nominal_rows(S), nominal_rows(S)) for _ in range(S))),
            st.tuples(*(value_vectors(2) for _ in range(S))),
            fractions(0, 1, 4),
            fractions(0, Fraction(9, 10), 10),
            value_vectors(S),
            value_vectors(S),
        )
    )


@dataclass(frozen=True, slots=True)
class OneChoice:
    """One state, kernels, and a mixture of the actions.

    Kernel k leads from action a to the good state with probability ``good[k][a]``. That state pays 1, the
    other 0. With s-rectangularity the adversary chooses k for the state, with (s, a)-rectangularity a k for
    each action.
    """

    good: tuple[Vector, ...]
    mixture: Vector

    def __post_init__(self) -> None:
        if not self.good or any(len(kernel) != len(self.mixture) for kernel in self.good):
            raise InputError(f"{self}; expected kernels with a probability for each action")
        if any(not 0 <= p <= 1 for p in (*self.mixture, *(p for kernel in self.good for p in kernel))):
            raise InputError(f"{self}; expected probabilities")
        if sum(self.mixture) != 1:
            raise InputError(f"mixture={shown(self.mixture)}; expected a distribution")


def deterministic_value(case: OneChoice) -> Fraction:
    """Return the best worst case of one action; it is the same for both kinds of rectangularity."""
    return max(min(kernel[a] for kernel in case.good) for a in range(len(case.mixture)))


def state_value(case: OneChoice) -> Fraction:
    """Return the worst case of the mixture if the adversary chooses one kernel for the state."""
    return min(mean(case.mixture, kernel) for kernel in case.good)


def action_value(case: OneChoice) -> Fraction:
    """Return the worst case of the mixture if the adversary chooses a kernel for each action."""
    return mean(case.mixture, tuple(min(column) for column in zip(*case.good, strict=True)))


def one_kernel_for_the_state(case: OneChoice) -> Derivation:
    """Derive that the best single action is worth at least what the mixture is worth, one kernel for both."""
    return at_least(deterministic_value(case), state_value(case), lambda: choice_lines(case))


def a_kernel_for_each_action(case: OneChoice) -> Derivation:
    """Derive the same where the adversary chooses a kernel for each action."""
    return at_least(deterministic_value(case), action_value(case), lambda: choice_lines(case))


def choice_lines(case: OneChoice) -> tuple[str, ...]:
    """Return the kernels and what the actions and the mixture are worth."""
    kernels = (f"kernel {k}: good state with {shown(kernel)}" for k, kernel in enumerate(case.good))
    return (
        *kernels,
        f"best single action: worst case {deterministic_value(case)}",
        f"mixture {shown(case.mixture)}: worst case {state_value(case)} with one kernel for the state,",
        f"  {action_value(case)} with a kernel for each action",
    )


def choices(budget: Budget) -> Iterator[OneChoice]:
    """Yield choices between two actions, fewest kernels first, probabilities and mixtures from a grid."""
    grid = tuple(simple_fractions(0, 1, 1 + budget.size))
    for kernels in (1, 2):
        for good in product(product(grid, repeat=2), repeat=kernels):
            for first in grid:
                yield OneChoice(good, (first, 1 - first))


def mean(weights: Vector, values: Vector) -> Fraction:
    """Return the expectation."""
    return sum((p * v for p, v in zip(weights, values, strict=True)), Fraction(0))


def shown(values: Vector) -> str:
    """Write a vector."""
    return f"({', '.join(map(str, values))})"


R1 = Claim(
    id="R1",
    place="Iyengar (2005); Nilim and El Ghaoui (2005)",
    title="The robust Bellman operator is a contraction",
    statement="With (s, a)-rectangular sets, |TV - TW| <= discount |V - W| in the largest entry.",
    latex=r"\|T V - T W\|_\infty \le \gamma \|V - W\|_\infty",
    formalisation="Balls of total variation of one radius; worst cases exactly.",
    assumptions=("(s, a)-rectangular", "0 <= discount < 1"),
    instance_type=TwoValues,
    search=Generated(two_values),
    derive=contraction,
    neighbours=(Neighbour("9/10 of the discount", lambda case: contraction(case, Fraction(9, 10))),),
)
R2 = Claim(
    id="R2",
    place="Iyengar (2005), as stated without (s, a)-rectangularity",
    title="A deterministic policy is optimal",
    statement="No mixture has a better worst case than the best single action.",
    latex=r"\max_a \min_k E_{k, a} V \ge \min_k \sum_a \pi(a) E_{k, a} V",
    formalisation="One state, one step, one kernel for all actions of the state.",
    assumptions=("s-rectangular",),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="R2.corrected",
    instance_type=OneChoice,
    search=Exhaustive(choices),
    derive=one_kernel_for_the_state,
)
R2_CORRECTED = Claim(
    id="R2.corrected",
    place="Iyengar (2005), with (s, a)-rectangularity",
    title="A deterministic policy is optimal, corrected",
    statement="If the adversary chooses a kernel for each action, no mixture beats the best action.",
    latex=r"\max_a \min_k E_{k, a} V \ge \sum_a \pi(a) \min_k E_{k, a} V",
    formalisation="As R2, with a kernel for each action.",
    assumptions=("(s, a)-rectangular",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=OneChoice,
    search=Exhaustive(choices),
    derive=a_kernel_for_each_action,
    neighbours=(Neighbour("one kernel for the state", one_kernel_for_the_state),),
)

LEDGER = Ledger(
    id="rectangularity",
    name="what rectangularity is for",
    source="Iyengar (2005); Nilim and El Ghaoui (2005); Wiesemann, Kuhn and Rustem (2013)",
    claims=(R1, R2, R2_CORRECTED),
    powerful=True,
)
