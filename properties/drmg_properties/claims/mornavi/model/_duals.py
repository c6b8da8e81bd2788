"""Appendix C: the worst-case expectation and its duals (A2, A3, A10).

The truth here is the minimum of E_Q V over the vertices of the ball { Q : TV(Q, P*) <= rho }, found from
the inequalities that define the ball; no dual formula takes part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import Verdict
from drmg_oracles import vertex_kernels
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.steps import Estimates, mean, printed_dual, sdrop
from drmg_properties.formulas import vector
from drmg_properties.strategies import fractions, rows, weighted_values

MAX_STATES = 4


def worst_case(row: Row) -> tuple[Fraction, tuple[Fraction, ...]]:
    """Return the least ``E_Q V`` over the vertices Q of the ball, and the Q that attains it."""
    return min((mean(q, row.values), q) for q in vertex_kernels(row))


def tv_rows(budget: Budget) -> SearchStrategy[Row]:
    return rows(TotalVariation(), max_states=MAX_STATES if budget.size > 2 else MAX_STATES - 1)


def row_line(row: Row) -> str:
    return f"P* = {vector(row.probabilities)}, V = {vector(row.values)}, rho = {row.radius}"


def _truth_line(row: Row) -> str:
    true, q = worst_case(row)
    distance = sum(abs(x - y) for x, y in zip(q, row.probabilities, strict=True)) / 2
    return f"true worst case: Q = {vector(q)}, at TV distance {distance} from P*, has E_Q V = {true}"


def _dual(share: Fraction) -> Callable[[Row], Derivation]:
    """Derive ``sigma = dual with coefficient share rho``."""

    def derive(row: Row) -> Derivation:
        c = row.radius * share
        dual, eta = printed_dual(row, c)
        loss = mean(row.probabilities, [max(eta - v, Fraction(0)) for v in row.values])
        return equal(
            worst_case(row)[0],
            dual,
            lambda: (
                row_line(row),
                f"the dual with coefficient {share} rho is largest at eta = {eta}: -E(eta - V)+ - {c} (eta "
                f"- min V)+ + eta = -{loss} - {c} * {eta - min(row.values)} + {eta} = {dual}",
                _truth_line(row),
            ),
        )

    return derive


def conjugate_dual(row: Row, index_set: Iterable[int]) -> tuple[Fraction, Fraction, Fraction]:
    """Return the dual of Lemma 1 for TV, its lambda and its eta, exactly.

    With f*(u) = max(u, -1/2) for u <= 1/2 and +inf beyond, the objective is
    ``-sum P* max(eta - V, -lambda / 2) - lambda rho + eta`` where ``eta - V(s) <= lambda / 2`` for s in
    the index set and lambda >= 0: concave, piecewise linear and bounded, hence largest where two of the
    lines ``lambda = 0`` and ``eta - V(s) = +-lambda / 2`` cross.
    """
    p, V, rho, S = row.probabilities, row.values, row.radius, tuple(index_set)
    half = Fraction(1, 2)
    lines = {(Fraction(0), Fraction(1), Fraction(0))}  # a eta + b lambda = c
    lines |= {(Fraction(1), sign * half, V[s]) for s in S for sign in (1, -1)}
    crossings = []
    for (a, b, c), (d, e, f) in combinations(sorted(lines), 2):
        if (determinant := a * e - b * d) == 0:
            continue
        eta, lam = (c * e - b * f) / determinant, (a * f - c * d) / determinant
        if lam >= 0 and all(eta - V[s] <= lam * half for s in S):
            cost = sum((p[s] * max(eta - V[s], -lam * half) for s in S), Fraction(0))
            crossings.append((eta - cost - lam * rho, lam, eta))
    return max(crossings)


def _lemma_1(everywhere: bool) -> Callable[[Row], Derivation]:
    """Derive the duality of Lemma 1 with the constraint at every state, or at those with P* > 0."""

    def derive(row: Row) -> Derivation:
        states = [s for s, weight in enumerate(row.probabilities) if weight > 0 or everywhere]
        dual, lam, eta = conjugate_dual(row, states)
        where = "every state" if everywhere else "the states with P* > 0"
        return equal(
            worst_case(row)[0],
            dual,
            lambda: (
                row_line(row),
                f"dual with the sum over {where}: largest at lambda = {lam}, eta = {eta}, value {dual}",
                _truth_line(row),
            ),
        )

    return derive


@st.composite
def estimates(draw: DrawFn, budget: Budget) -> Estimates:
    """Draw ``U >= L`` at a row with a positive radius."""
    p, L, D = draw(weighted_values(1 + budget.size, columns=2, high=1, min_states=2))
    U = tuple(low + d for low, d in zip(L, D, strict=True))
    return Estimates(p, U, L, draw(fractions(Fraction(1, 4), 1, 4)))


def _small_estimates(budget: Budget) -> Iterator[Estimates]:
    """Yield estimates on two states with values 0, 1 and 2, the nominal row nearest to a point mass first."""
    zero_one = tuple(product((Fraction(0), Fraction(1)), repeat=2))
    halves = (Fraction(1, 2), Fraction(1, 4))
    for up, radius in product((Fraction(0), *halves), (Fraction(1), *halves)):
        for L, D in product(zero_one, repeat=2):
            U = tuple(low + d for low, d in zip(L, D, strict=True))
            yield Estimates((1 - up, up), U, L, radius)


def _row(case: Estimates, values: tuple[Fraction, ...]) -> Row:
    return Row(TotalVariation(), case.nominal, values, case.radius)


def _estimates_line(case: Estimates) -> str:
    return f"P* = {vector(case.nominal)}, U = {vector(case.U)}, L = {vector(case.L)}, rho = {case.radius}"


def _with_min_term(case: Estimates) -> Derivation:
    """Derive ``sigma(U) - sigma(L) <= E[U - L]`` for the worst case as it is defined."""
    upper, lower = (worst_case(_row(case, values))[0] for values in (case.U, case.L))
    expected = mean(case.nominal, case.U) - mean(case.nominal, case.L)
    return at_most(
        upper - lower,
        expected,
        lambda: (
            _estimates_line(case),
            f"sigma(U) = {upper}, sigma(L) = {lower}, so B = {upper - lower}; E[U - L] = {expected}",
        ),
    )


def _without_min_term(share: Fraction) -> Callable[[Estimates], Derivation]:
    """Derive ``sigma = sdrop + rho min`` at U and at L, and ``sdrop(U) - sdrop(L) <= share E[U - L]``."""

    def derive(case: Estimates) -> Derivation:
        p = case.nominal
        truths = [worst_case(_row(case, values))[0] for values in (case.U, case.L)]
        drops = [sdrop(p, values, case.radius) for values in (case.U, case.L)]
        least = [case.radius * min(values) for values in (case.U, case.L)]
        expected = mean(p, case.U) - mean(p, case.L)

        def lines() -> tuple[str, ...]:
            sums = (
                f"sigma({name}) = {truth} against {drop} + rho min {name} = {drop + low}"
                for name, truth, drop, low in zip("UL", truths, drops, least, strict=True)
            )
            return (
                _estimates_line(case),
                *sums,
                f"without the min term B = {drops[0] - drops[1]}; E[U - L] = {expected}",
            )

        return both(
            equal(truths[0], drops[0] + least[0], lines),
            equal(truths[1], drops[1] + least[1], lines),
            at_most(drops[0] - drops[1], share * expected, lines),
        )

    return derive


ONE, HALF, MOST = Fraction(1), Fraction(1, 2), Fraction(9, 10)

A2 = Claim(
    id="A2",
    place="Lemma 1",
    title="Strong duality, sums over the support",
    statement=(
        "The worst-case expectation is sup over lambda >= 0 and eta of "
        "-lambda sum P*(s) f*((eta - V(s)) / lambda) - lambda rho + eta."
    ),
    latex=(
        r"\sigma(V) = \sup_{\lambda \ge 0, \eta} \left\{ -\lambda \sum_s P^*(s) "
        r"f^*\left(\frac{\eta - V(s)}{\lambda}\right) - \lambda \rho + \eta \right\}"
    ),
    formalisation=(
        "Total variation, mass may leave the support; terms with P*(s) = 0 are left out of the sum, so "
        "they put no constraint on lambda. The primal is the least over vertices, the dual is solved exactly."
    ),
    assumptions=("V >= 0",),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="A2.corrected",
    instance_type=Row,
    search=Generated(tv_rows),
    derive=_lemma_1(everywhere=False),
)
A2_CORRECTED = replace(
    A2,
    id="A2.corrected",
    title="Strong duality with the constraint at every state",
    statement="Lemma 1 with 0 (+inf) = +inf, that is with eta - V(s) <= lambda / 2 for every state s.",
    latex=r"\eta - V(s) \le \frac{\lambda}{2} \quad (s \in S)",
    formalisation="The same dual with the constraint at every state.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    derive=_lemma_1(everywhere=True),
    neighbours=(Neighbour("without the constraint where P* is 0", _lemma_1(everywhere=False)),),
)
A3 = Claim(
    id="A3",
    place="Corollary 2, eq. (10)",
    title="TV dual with coefficient rho/2",
    statement=(
        "For f(t) = |t - 1| / 2 the worst-case expectation is sup over eta in [0, H] of "
        "-E(eta - V)+ - (rho/2)(eta - min V)+ + eta."
    ),
    latex=(
        r"\sigma(V) = \sup_{\eta \in [0,H]} \left\{ -E_{P^*}[(\eta - V)_+] "
        r"- \frac{\rho}{2} (\eta - \min_{s'} V(s'))_+ + \eta \right\}"
    ),
    formalisation=(
        "Definition 1 taken at its word: half the L1 distance at most rho. The primal is the least over the "
        "vertices of the ball, eq. (10) the largest over its breaks."
    ),
    assumptions=("0 <= V <= H", "0 <= rho <= 1"),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="A3.corrected",
    instance_type=Row,
    search=Generated(tv_rows),
    derive=_dual(HALF),
)
A3_CORRECTED = replace(
    A3,
    id="A3.corrected",
    title="TV dual with coefficient rho",
    statement="Eq. (10) with the coefficient rho in the place of rho/2.",
    latex=(
        r"\sigma(V) = \sup_{\eta \in [0,H]} \left\{ -E_{P^*}[(\eta - V)_+] "
        r"- \rho (\eta - \min_{s'} V(s'))_+ + \eta \right\}"
    ),
    formalisation="As for A3, with the coefficient rho.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    derive=_dual(ONE),
    neighbours=(
        Neighbour("the coefficient rho/2", _dual(HALF)),
        Neighbour("the coefficient 9/10 rho", _dual(MOST)),
    ),
)
A10 = Claim(
    id="A10",
    place="Appendix E, eq. (5) and (26)",
    title="The bonus step with the worst case as defined",
    statement="For U >= L >= 0 the difference B = sigma(U) - sigma(L) is at most E[U - L] under P*.",
    latex=r"\sigma(U) - \sigma(L) \le E_{P^*}[U - L]",
    formalisation="sigma is the worst case of eq. (5), min term included; on a grid of rows of two states.",
    assumptions=("U >= L >= 0",),
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="A10.corrected",
    instance_type=Estimates,
    search=Exhaustive(_small_estimates),
    derive=_with_min_term,
)
A10_CORRECTED = replace(
    A10,
    id="A10.corrected",
    title="The bonus step with the min term dropped",
    statement=(
        "sigma(V) = sdrop(V) + rho min V, and sdrop(U) - sdrop(L) <= E[U - L]: the step holds for the "
        "dual without its min term."
    ),
    latex=(r"\sigma(V) = \sup_{\eta} \left\{ (1 - \rho) \eta - E_{P^*}[(\eta - V)_+] \right\} + \rho \min V"),
    formalisation="The identity at U and at L, and the inequality: the one nearest to failing speaks.",
    reading="corrected",
    severity="none",
    expected=Verdict.HOLDS,
    corrected=None,
    search=Generated(estimates),
    derive=_without_min_term(ONE),
    neighbours=(
        Neighbour("with the min term", _with_min_term),
        Neighbour("9/10 of E[U - L]", _without_min_term(MOST)),
    ),
)

CLAIMS: tuple[Claim[Any], ...] = (A2, A2_CORRECTED, A3, A3_CORRECTED, A10, A10_CORRECTED)
