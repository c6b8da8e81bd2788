"""Exact stage oracles against lists of all vertices and of all equilibria, also of degenerate games."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from flint import arb, ctx, fmpq, fmpq_mat

from drmg_check.vocabulary import InputError
from drmg_oracles import (
    correlated_optimum,
    lemke_howson,
    prove_equilibrium,
    proves_optimum,
    stage_gap_exactly,
)
from drmg_oracles.rows import Arb
from drmg_oracles.stage_games._krawczyk import _System

Mixed = tuple[Fraction, ...]
KINDS = ("generic", "integers", "zero", "duplicated action", "own action irrelevant")


def draw(kind: str, actions: tuple[int, ...], seed: int) -> np.ndarray:
    """Return payoffs [m, A]: floats, or small integers with many ties."""
    rng = np.random.default_rng(seed)
    m = len(actions)
    if kind == "generic":
        return rng.random((m, np.prod(actions)))
    payoffs = rng.integers(0, 3, (m, *actions))
    if kind == "zero":
        payoffs[:] = 0
    if kind == "duplicated action":
        payoffs[:, -1] = payoffs[:, 0]
    if kind == "own action irrelevant":
        for i in range(m):
            payoffs[i] = payoffs[i].min(axis=i, keepdims=True)
    return payoffs.reshape(m, -1)


def solve(matrix: list[list[Fraction]], right: list[Fraction]) -> Mixed | None:
    """Return the only solution of a square system, if there is one."""
    n = len(right)
    left = fmpq_mat(n, n, [fmpq(x.numerator, x.denominator) for row in matrix for x in row])
    try:
        solution = left.solve(fmpq_mat(n, 1, [fmpq(x.numerator, x.denominator) for x in right]))
    except ZeroDivisionError:
        return None
    return tuple(Fraction(int(x.p), int(x.q)) for x in solution.entries())


def vertices(payoffs: np.ndarray, actions: tuple[int, ...], concept: str) -> Iterator[Mixed]:
    """Yield the equilibria at which as many constraints hold with equality as there are joint actions."""
    A = len(payoffs[0])
    plays = list(np.ndindex(*actions))
    U = [[Fraction(float(u)) for u in row] for row in payoffs]
    rows = []
    for i, n in enumerate(actions):
        for told, play in product(range(n) if concept == "ce" else [None], range(n)):
            row = [Fraction(0)] * A
            for k, each in enumerate(plays):
                if told in (None, each[i]):
                    row[k] = U[i][k] - U[i][plays.index((*each[:i], play, *each[i + 1 :]))]
            if told != play:
                rows.append(row)
    rows += [[Fraction(int(k == a)) for k in range(A)] for a in range(A)]
    for tight in combinations(rows, A - 1):
        x = solve([[Fraction(1)] * A, *tight], [Fraction(1)] + [Fraction(0)] * (A - 1))
        if x is not None and all(sum(map(Fraction.__mul__, row, x)) >= 0 for row in rows):
            yield x


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("concept", ["cce", "ce"])
@pytest.mark.parametrize("actions", [(2, 2), (2, 3)])
def test_the_optimum_is_the_best_of_all_vertices(kind: str, concept: str, actions: tuple[int, ...]):
    for seed in range(4 if actions == (2, 2) else 1):
        payoffs = draw(kind, actions, seed)
        welfare = [sum(Fraction(float(u)) for u in column) for column in payoffs.T]
        every = set(vertices(payoffs, actions, concept))
        optimum = correlated_optimum(payoffs, actions, concept)
        assert proves_optimum(payoffs, actions, concept, optimum)
        assert optimum.x in every
        assert optimum.value == max(sum(map(Fraction.__mul__, welfare, x)) for x in every)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("actions", [(3, 3), (2, 2, 2), (3, 2, 2)])
def test_every_optimum_is_an_equilibrium_with_a_proof(kind: str, actions: tuple[int, ...]):
    """Also for another objective, of which one agent is a part."""
    for seed, concept in product(range(3), ("cce", "ce")):
        payoffs = draw(kind, actions, seed)
        for objective in (None, payoffs[0], -payoffs[0]):
            optimum = correlated_optimum(payoffs, actions, concept, objective)
            assert proves_optimum(payoffs, actions, concept, optimum, objective)
            assert stage_gap_exactly(payoffs, actions, optimum.x, concept) <= 0


def test_a_ce_is_a_cce_so_the_best_cce_is_at_least_as_good():
    for seed in range(5):
        payoffs = draw("integers", (3, 3), seed)
        ce, cce = (correlated_optimum(payoffs, (3, 3), concept) for concept in ("ce", "cce"))
        assert ce.value <= cce.value


def test_the_best_correlated_equilibrium_of_chicken():
    """Aumann (1974): 1/2 on (stay, stay), 1/4 on each pure equilibrium; together 21/2."""
    optimum = correlated_optimum([[6, 2, 7, 0], [6, 7, 2, 0]], (2, 2), "ce")
    quarter = Fraction(1, 4)
    assert (optimum.x, optimum.value) == ((2 * quarter, quarter, quarter, 0), Fraction(21, 2))


@pytest.mark.parametrize("seed", [0, 3, 4])  # games in which some deviation binds
def test_no_other_point_or_multipliers_pass_for_a_proof(seed: int):
    payoffs = draw("generic", (3, 3), seed)
    optimum = correlated_optimum(payoffs, (3, 3), "ce")
    hair = Fraction(1, 2**200)
    x, y = optimum.x, optimum.multipliers
    moved = (x[0] + hair, x[1] - hair, *x[2:])
    positive = next(r for r, multiplier in enumerate(y) if multiplier)
    lowered = tuple(w - hair * (r == positive) for r, w in enumerate(y))
    for wrong in (
        replace(optimum, value=optimum.value - hair),
        replace(optimum, value=optimum.value + hair),
        replace(optimum, x=moved),
        replace(optimum, multipliers=lowered),
        replace(optimum, multipliers=tuple(-w for w in y)),
    ):
        assert not proves_optimum(payoffs, (3, 3), "ce", wrong)
    assert not proves_optimum(payoffs, (3, 3), "ce", optimum, payoffs[0])


@pytest.mark.parametrize(
    "lie",
    [
        {"x": (Fraction(2), Fraction(0), Fraction(0), Fraction(0))},
        {"x": (Fraction(1, 2), Fraction(0), Fraction(0), Fraction(0))},
        {"x": (Fraction(2), Fraction(-1), Fraction(0), Fraction(0))},
        {"multipliers": (Fraction(1), Fraction(-1), Fraction(0), Fraction(0))},
    ],
    ids=["mass 2", "mass 1/2", "a negative probability", "a negative multiplier"],
)
def test_a_proof_is_of_a_distribution_by_nonnegative_multipliers(lie: dict[str, Mixed]):
    """In the game that pays nothing every inequality holds, whatever x and y are."""
    nothing = [[0] * 4] * 2
    optimum = correlated_optimum(nothing, (2, 2), "ce")
    assert proves_optimum(nothing, (2, 2), "ce", optimum)
    assert not proves_optimum(nothing, (2, 2), "ce", replace(optimum, **lie))


def test_a_proof_needs_an_equilibrium_and_a_bound_on_every_joint_action():
    """Prisoner's dilemma: to cooperate pays more but is no equilibrium; a bound must cover it by y G."""
    dilemma = [[3, 0, 5, 1], [3, 5, 0, 1]]
    optimum = correlated_optimum(dilemma, (2, 2), "cce")
    together = (Fraction(1), Fraction(0), Fraction(0), Fraction(0))
    assert (optimum.x, optimum.value) == ((0, 0, 0, 1), 2)
    assert not proves_optimum(dilemma, (2, 2), "cce", replace(optimum, x=together, value=Fraction(6)))
    unproved = replace(optimum, multipliers=(Fraction(0),) * len(optimum.multipliers))
    assert not proves_optimum(dilemma, (2, 2), "cce", unproved)


def equilibria(payoffs: np.ndarray, actions: tuple[int, int]) -> set[tuple[Mixed, Mixed]]:
    """Return all equilibria of a nondegenerate game, by solving for each pair of supports of one size."""
    m, n = actions
    A, B = ([[Fraction(float(u)) for u in row] for row in np.reshape(payoff, actions)] for payoff in payoffs)
    equilibria = set()
    for size in range(1, min(m, n) + 1):
        for rows, columns in product(combinations(range(m), size), combinations(range(n), size)):
            y = indifferent([[A[i][j] for j in columns] for i in rows], columns, n)
            x = indifferent([[B[i][j] for i in rows] for j in columns], rows, m)
            if x is None or y is None:
                continue
            earned = [sum(A[i][j] * y[j] for j in range(n)) for i in range(m)]
            given = [sum(B[i][j] * x[i] for i in range(m)) for j in range(n)]
            if max(earned) == earned[rows[0]] and max(given) == given[columns[0]]:
                equilibria.add((x, y))
    return equilibria


def indifferent(payoffs: list[list[Fraction]], support: tuple[int, ...], n: int) -> Mixed | None:
    """Return the play on the support against which the rows earn the same."""
    size = len(support)
    rows = [[*row, Fraction(-1)] for row in payoffs] + [[*[Fraction(1)] * size, Fraction(0)]]
    solution = solve(rows, [Fraction(0)] * size + [Fraction(1)])
    if solution is None or min(solution[:-1]) < 0:
        return None
    weights = dict(zip(support, solution, strict=False))
    return tuple(weights.get(k, Fraction(0)) for k in range(n))


@pytest.mark.parametrize("actions", [(2, 2), (3, 3), (2, 4), (4, 4)])
def test_every_path_ends_in_one_of_all_equilibria(actions: tuple[int, int]):
    """Support enumeration lists them all; their number is odd, as in every nondegenerate game."""
    for seed in range(6):
        payoffs = draw("generic", actions, seed)
        every = equilibria(payoffs, actions)
        assert len(every) % 2 == 1
        for label in range(sum(actions)):
            assert lemke_howson(payoffs, actions, label) in every


@pytest.mark.parametrize("kind", KINDS)
def test_every_path_ends_in_an_equilibrium_however_degenerate_the_game(kind: str):
    for seed, actions in product(range(5), ((2, 2), (3, 3), (3, 4))):
        payoffs = draw(kind, actions, seed)
        for label in range(sum(actions)):
            x, y = lemke_howson(payoffs, actions, label)
            joint = [p * q for p in x for q in y]
            assert sum(joint) == 1
            assert min(joint) >= 0
            assert stage_gap_exactly(payoffs, actions, joint, "nash") == 0


@pytest.mark.parametrize("actions", [(2, 2), (3, 3), (4, 4)])
def test_each_equilibrium_of_a_generic_game_is_proved(actions: tuple[int, int]):
    """From a start off by 1e-6, or clipped; the box contains the exact one and no other."""
    for seed in range(4):
        payoffs = draw("generic", actions, seed)
        every = equilibria(payoffs, actions)
        for x, y in every:
            near = [[float(p) * (1.0 + 1e-6 * k) for k, p in enumerate(play)] for play in (x, y)]
            box = prove_equilibrium(payoffs, near)
            assert box is not None
            inside = [
                equilibrium
                for equilibrium in every
                if all(
                    low <= p <= high
                    for play, bounds in zip(equilibrium, box.bounds, strict=True)
                    for p, (low, high) in zip(play, bounds, strict=True)
                )
            ]
            assert inside == [(x, y)]
            assert max(high - low for bounds in box.bounds for low, high in bounds) < Fraction(1, 2**60)


def test_an_irrational_equilibrium_of_three_agents_is_proved():
    """Playing 0 earns 2 if both others do, playing 1 earns 1: all are indifferent where ``2 p^2 = 1``."""
    payoffs = [[1 if a[i] else 2 * (sum(a) == 0) for a in np.ndindex(2, 2, 2)] for i in range(3)]
    box = prove_equilibrium(payoffs, [[0.7, 0.3]] * 3)
    assert box is not None
    for bounds in box.bounds:
        low, high = bounds[0]
        assert 2 * low * low < 1 < 2 * high * high
        assert high - low < Fraction(1, 2**100)


def test_what_is_no_isolated_equilibrium_is_not_proved():
    pennies = [[1, 0, 0, 1], [0, 1, 1, 0]]
    half = [0.5, 0.5]
    assert prove_equilibrium(pennies, [half, half]) is not None
    assert prove_equilibrium(pennies, [[1, 0], [1, 0]]) is None  # agent 1 gains
    assert prove_equilibrium([[0] * 4] * 2, [half, half]) is None  # everything is an equilibrium
    assert prove_equilibrium([[1, 1, 1, 0], [1, 0, 0, 0]], [[1, 0], [1, 0]]) is None  # agent 0 is indifferent
    dilemma = [[3, 0, 5, 1], [3, 5, 0, 1]]  # indifferent only where defection has the probability 2
    assert prove_equilibrium(dilemma, [half, half]) is None
    hunt = [[2, 0, 0, 1]] * 2
    assert prove_equilibrium(hunt, [[0.6, 0.4], [0.1, 0.9]]) is not None  # Newton goes to (1/3, 2/3)
    assert prove_equilibrium(hunt, [[1, 1e-9], [1, 0]]) is not None


PENNIES = tuple(tuple(map(Fraction, row)) for row in ((1, 0, 0, 1), (0, 1, 1, 0)))


class Observed(_System):
    """Notes how wide what the slope is taken over is, and blurs the residual of one call."""

    def __init__(self, blurred: int = 0) -> None:
        super().__init__(PENNIES, (2, 2), ((0, 1), (0, 1)))
        self.blurred, self.calls, self.widths = blurred, 0, list[float]()

    def residual(self, z: list[Arb]) -> list[Arb]:
        self.calls += 1
        blur = arb(0, 2.0**-50) if self.calls == self.blurred else arb(0)
        return [x + blur for x in super().residual(z)]

    def derivative(self, z: list[Arb]) -> list[list[Arb]]:
        self.widths.append(max(float(x.rad()) for x in z))
        return super().derivative(z)


def test_a_proof_takes_the_slope_over_a_box_that_is_mapped_into_itself():
    """Krawczyk: a residual known to 2^-50 moves a box of 2^-64 out of itself, though they overlap."""
    start = [[arb(0.5), arb(0.5)], [arb(0.5), arb(0.5)]]
    with ctx.workprec(128):
        sharp = Observed()
        assert sharp.prove(start) is not None
        assert sharp.widths[-1] > 0 == sharp.widths[0]
        assert Observed(blurred=sharp.calls).prove(start) is None


def test_the_exact_gap_of_a_distribution():
    """Chicken under the fair device: ignoring it costs 1/3; of (dare, dare) each gains 2 by giving in."""
    chicken = [[6, 2, 7, 0], [6, 7, 2, 0]]
    fair = ["1/3", "1/3", "1/3", 0]
    assert stage_gap_exactly(chicken, (2, 2), fair, "cce") == Fraction(-1, 3)
    assert stage_gap_exactly(chicken, (2, 2), fair, "ce") == 0
    assert stage_gap_exactly(chicken, (2, 2), [0, 0, 0, 1], "nash") == 2
    assert stage_gap_exactly([[1, 2, 3]], (3,), [1, 0, 0], "nash") == 2
    assert stage_gap_exactly([[5], [7]], (1, 1), [1], "ce") == 0


def test_gains_by_recommendation_add_up_and_each_has_its_best_answer():
    """One agent, three actions, told each with a third: told 0 or 1 it gains by playing 2, told 2 nothing."""
    third = ["1/3"] * 3
    assert stage_gap_exactly([[0, 3, 9]], (3,), third, "ce") == Fraction(9 + 6, 3)
    assert stage_gap_exactly([[0, 3, 9]], (3,), third, "cce") == 5
    # Told 0 it gains 1, told 1 both other actions pay more, by 2 and by 3: the larger counts, and only there.
    assert stage_gap_exactly([[2, 0, 3]], (3,), third, "ce") == Fraction(1 + 3, 3)
    # Told 1, the second agent gains 5/4 by playing 0; told 2, 3/4; told 0 it is never.
    payoffs = [[0] * 6, [5, 0, 1, 0, 0, 1]]
    x = [0, "1/4", "1/4", 0, "1/4", "1/4"]
    assert stage_gap_exactly(payoffs, (2, 3), x, "ce") == Fraction(5 + 3, 4)
    assert stage_gap_exactly(payoffs, (2, 3), x, "cce") == Fraction(5 - 1, 2)


def test_what_is_no_stage_game_is_refused():
    with pytest.raises(InputError, match="lengths"):
        correlated_optimum([[1, 2], [3, 4]], (2, 2), "ce")
    with pytest.raises(InputError, match=r"payoffs\[0\]\[0\]"):
        correlated_optimum([[float("nan")] * 4] * 2, (2, 2), "ce")
    with pytest.raises(InputError, match="lemke_howson"):
        correlated_optimum([[0] * 4] * 2, (2, 2), "nash")
    with pytest.raises(InputError, match="label=4"):
        lemke_howson([[0] * 4] * 2, (2, 2), 4)
    with pytest.raises(InputError, match="two agents"):
        lemke_howson([[0] * 8] * 3, (2, 2, 2))
