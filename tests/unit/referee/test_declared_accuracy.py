"""What is declared is forgiven everywhere: in values, laws, distributions, policies; nothing beyond it is."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from drmg_check.equilibria import solve_stages
from drmg_check.models import RobustMarkovGame
from drmg_check.referee import check_implementation
from drmg_check.referee.evidence._policies import policy_in
from drmg_check.referee.levels._equilibrium import repeated_stages
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray, InputError
from drmg_properties.laws import Tolerance

Function = Callable[..., object]
EXTREMES = {
    *("tv/oracle/tiny-weights", "tv/oracle/tiny-radius", "tv/oracle/value-scale", "tv/oracle/dynamic-range"),
    "tv/law/extreme-scale",
}
"""As ``docs/validate.md`` lists them."""


def failed(function: Function, *sets: str, checks: tuple[str, ...] = (), **declared: object) -> set[str]:
    results = check_implementation(
        function, sets, profile="quick", on_fail=None, checks=checks, diagnose=None, **declared
    )
    assert any(check.judged for check in results)
    return {check.case for check in results if check.outcome == "failed"}


def textbook(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Cut the mass rho from the largest values and put it on one smallest."""
    q, left, lowest = p.copy(), rho, int(np.argmin(V))
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[lowest] += rho - left
    return float(q @ V)


def stopping_at(error: float, *, relative: bool = False) -> Function:
    """Return a solver that is off by as much, now above and now below."""

    def solve(p: FloatArray, V: FloatArray, rho: float) -> float:
        sign = 1 - 2 * (round(float(p @ p) * 1e6) % 2)
        size = float(np.ptp(V)) if relative else 1.0
        return textbook(p, V, rho) + sign * error * size

    return solve


def test_an_approximate_solver_fails_at_the_listed_extremes_only():
    """It stops at 1e-9 and declares 1e-3 of the span; constant values and zeros have none."""
    assert failed(stopping_at(1e-9), "tv", accuracy="1e-3") <= EXTREMES


@pytest.mark.parametrize("share", [1e-3, 1e-6])
def test_errors_within_the_declared_share_are_forgiven_and_twice_as_much_is_not(share: float):
    checks = ("tv/smoke/*", "tv/oracle/typical", "tv/oracle/zeros", "tv/law/[bc]*")
    within, beyond = stopping_at(share / 2, relative=True), stopping_at(2 * share, relative=True)
    assert failed(within, "tv", checks=checks, accuracy=str(share)) == set()
    assert "tv/oracle/typical" in failed(beyond, "tv", checks=checks, accuracy=str(share))


def test_an_absolute_error_is_forgiven_if_it_is_declared_and_no_larger_one():
    checks = ("tv/oracle/small", "tv/oracle/typical", "tv/law/constant", "tv/law/scale")
    solve = stopping_at(1e-7)
    assert failed(solve, "tv", checks=checks, accuracy="0") > {"tv/law/constant", "tv/oracle/typical"}
    assert failed(solve, "tv", checks=checks, accuracy="0", accuracy_absolute="1e-7") == set()
    assert "tv/oracle/typical" in failed(solve, "tv", checks=checks, accuracy="0", accuracy_absolute="4e-8")


def test_an_absolute_error_is_forgiven_at_every_step_of_a_game():
    def rough(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
    ) -> FloatArray:
        m, H, S, _ = r.shape
        V = np.zeros((m, S))
        for i in range(m):
            for h in reversed(range(H)):
                worst = [
                    [textbook(row, V[i], rho[i, h, s, a]) for a, row in enumerate(P[h, s])] for s in range(S)
                ]
                V[i] = (pi[h] * (r[i, h] + np.array(worst) + 1e-6)).sum(axis=1)
        return V

    checks = ("tv/smoke/*", "tv/law/shift", "tv/oracle/*")
    told = {"level": "evaluation", "checks": checks, "accuracy": "0"}
    assert failed(rough, "tv", **told, accuracy_absolute="1e-6") == set()
    assert "tv/smoke/two-states" in failed(rough, "tv", **told, accuracy_absolute="5e-7")


def equilibrium_with(error: FloatArray | float) -> Function:
    def solve(u: FloatArray, actions: tuple[int, ...], concept: str) -> FloatArray:
        x = solve_stages(u[:, None, :], actions, concept).x[0]
        return x + np.resize(np.array([error, -error]), len(x)) if len(x) > 1 else x

    return solve


def off_by_all(share: float) -> Function:
    """Return the value of a policy whose every worst case is off by as much, of zeros by as much as of 1."""

    def rough(
        P: FloatArray, r: FloatArray, rho: FloatArray, pi: FloatArray, actions: tuple[int, ...]
    ) -> FloatArray:
        m, H, S, _ = r.shape
        V = np.zeros((m, S))
        for i in range(m):
            for h in reversed(range(H)):
                size = np.ptp(V[i]) or np.abs(V[i]).max() or 1.0
                error = share * size * np.resize([1.0, -1.0], S)[:, None]
                worst = [
                    [textbook(row, V[i], rho[i, h, s, a]) for a, row in enumerate(P[h, s])] for s in range(S)
                ]
                V[i] = (pi[h] * (r[i, h] + np.array(worst) + error)).sum(axis=1)
        return V

    return rough


def test_what_is_declared_adds_up_over_the_steps_of_a_game():
    """Next values that are off have another span, and the last step has nothing but zeros."""
    told = {"level": "evaluation", "checks": ("tv/smoke/*", "tv/oracle/*")}
    assert failed(off_by_all(1e-2), "tv", **told, accuracy="1e-2") == set()
    assert "tv/oracle/telling" in failed(off_by_all(1e-2), "tv", **told, accuracy="4e-3")


@pytest.mark.parametrize("game", [each.game for each in repeated_stages("nash")[::2]], ids=["2x2", "2x2x2"])
def test_each_probability_of_a_policy_may_be_off_by_what_is_declared_and_no_more(game: RobustMarkovGame):
    """So that their sum is off by as many times as much, and the product of marginals by more."""
    told, A = Tolerance(accuracy=Fraction(1, 1000)), game.n_joint_actions
    pure = np.array([Fraction(0)] * (A - 1) + [Fraction(1)])
    for signs in product((-1, 1), repeat=A):
        error = np.array([Fraction(sign, 1000) for sign in signs])
        assert policy_in(game, pure + error, "nash", told)[0] == ""
        assert policy_in(game, pure + 2 * error, "nash", told)[0] != "" or -1 not in signs[:-1]


@pytest.mark.parametrize("concept", ["ce", "nash"])
def test_signs_and_sums_of_policies_are_held_to_the_declared_accuracy(concept: str):
    """Conic solvers return probabilities of -1e-10, and joint ones that are products up to as much."""
    told = {
        "level": "equilibrium",
        "concept": concept,
        "checks": ("*/smoke/*", "*/contract/answers", "*/oracle/*"),
    }
    assert failed(equilibrium_with(1e-8), **told, accuracy="1e-6") == set()
    assert f"{concept}/smoke/prisoners-dilemma" in failed(equilibrium_with(1e-8), **told, accuracy="1e-10")


def test_a_negative_probability_is_called_by_its_name():
    def negative(u: FloatArray, actions: tuple[int, ...]) -> FloatArray:
        return np.array([1 + 1e-3, 0.0, 0.0, -1e-3])

    results = check_implementation(
        negative, level="equilibrium", concept="ce", on_fail=None, checks=["ce/smoke/*"], diagnose=None
    )
    assert "it has the negative probability -0.001" in results[0].reason


def test_accuracies_that_mean_nothing_are_refused():
    assert Implementation(accuracy=Fraction(1, 4)).accuracy == Fraction(1, 4)
    with pytest.raises(InputError, match=r"accuracy=1/3; expected a fraction of the span in \[0, 1/4\]"):
        Implementation(accuracy=Fraction(1, 3))
    with pytest.raises(InputError, match="accuracy_absolute=-1; expected 0 or more"):
        Implementation(accuracy_absolute=Fraction(-1))
