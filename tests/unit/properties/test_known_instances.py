"""Instances whose slack was derived by hand; the comments are the derivations."""

from __future__ import annotations

from fractions import Fraction

import pytest

from drmg_check.sets import KullbackLeibler, Row, TotalVariation
from drmg_check.vocabulary import Bounds
from drmg_check.zoo import initial_shock
from drmg_oracles import binomial_probability
from drmg_properties.bounds import entry
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.claims.mornavi.hardness._bandit_game import Arms, robust_gap, slope_at_half
from drmg_properties.claims.mornavi.hardness._shock_game import (
    ShockConstant,
    average,
    regret,
    regret_in_the_game,
    sweep,
)
from drmg_properties.claims.mornavi.hardness._trap import Schedule, Trap
from drmg_properties.claims.mornavi.hardness._waste import Geometric
from drmg_properties.claims.mornavi.kl._steps import KLEstimates
from drmg_properties.claims.mornavi.model._duals import worst_case
from drmg_properties.claims.mornavi.model._kl_dual import KLDual, dual_supremum
from drmg_properties.claims.mornavi.tails._walks import Walk
from drmg_properties.claims.mornavi.total_variation._equilibria import Told, TwoProfiles, external_gain
from drmg_properties.claims.mornavi.total_variation._span import good_bad_chain, tight_bound
from drmg_properties.claims.mornavi.total_variation._variance import Between
from drmg_properties.claims.steps import (
    Chain,
    Estimates,
    Shock,
    least_by_formula,
    printed_dual,
    sdrop,
    span_bound,
)

claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__

F = Fraction


def tv(p: list[str], V: list[int], rho: str) -> Row:
    return Row.of(TotalVariation(), p, V, rho)


@pytest.mark.parametrize(
    ("row", "true", "printed"),
    [
        (tv(["1", "0"], [1, 0], "1/2"), F(1, 2), F(3, 4)),  # half the mass moves to V = 0; 1 - 1/4
        (tv(["1/2", "1/2"], [1, 0], "1/2"), F(0), F(1, 4)),  # no support shift: all mass on V = 0; 1/2 - 1/4
        (tv(["1", "0"], [1, 0], "0"), F(1), F(1)),  # radius 0: both are the nominal mean
    ],
)
def test_eq_10_is_the_dual_of_half_the_radius(row: Row, true: Fraction, printed: Fraction) -> None:
    assert worst_case(row)[0] == true
    assert printed_dual(row, row.radius / 2)[0] == printed
    assert printed_dual(row, row.radius)[0] == true
    assert claim("A3").derive(row).difference.low == -(printed - true)


def test_the_bonus_step_fails_with_the_min_term() -> None:
    """U = (1, 1/2), L = (1, 0): sigma(U) = 3/4, sigma(L) = 1/2, B = 1/4, but E[U - L] = 0 at P* = (1, 0)."""
    case = Estimates((F(1), F(0)), (F(1), F(1, 2)), (F(1), F(0)), F(1, 2))
    assert claim("A10").derive(case).difference.high == -F(1, 4)
    assert sdrop((F(1), F(0)), case.U, F(1, 2)) == F(1, 2)
    assert claim("A10.corrected").derive(case).holds


def test_eq_11_needs_small_eta() -> None:
    """Of the worst case 0.778..., eta >= 1 reaches only 0.483, at P*(V = 0) = 1/100 and rho = 1/2."""
    row = Row.of(KullbackLeibler(), ["1/100", "99/100"], [0, 1], "1/2")
    open_end, fixed_end = (dual_supremum(KLDual(row, F(1), F(low)))[0] for low in (0, 1))
    assert F(778, 1000) < open_end.low < open_end.high < F(779, 1000)
    assert F(4829, 10**4) < fixed_end.low < fixed_end.high < F(4830, 10**4)
    assert claim("A4").derive(KLDual(row, F(1), F(1))).violated
    assert claim("A4.corrected").derive(KLDual(row, F(1), F(0))).holds


def test_eq_11_reaches_the_essential_minimum_only_in_the_limit() -> None:
    """Log 2 < 1 = rho: every eta > 0 gives less than min V = 0."""
    row = Row.of(KullbackLeibler(), ["1/2", "1/2"], [0, 1], 1)
    assert dual_supremum(KLDual(row, F(1), F(0))) == (Bounds.of(0), "eta -> 0")
    for low in (F(1, 10), F(1, 10**6)):
        assert claim("A4").derive(KLDual(row, F(1), low)).violated


@pytest.mark.parametrize(("rho", "H", "printed"), [(F(1), 2, F(3, 2)), (F(1), 10, F(1023, 512))])
def test_eq_10_doubles_the_span(rho: Fraction, H: int, printed: Fraction) -> None:
    """The chain's span is 1 + (1 - rho/2) + ... by eq. (10): 3/2 at H = 2, nearly 2 at H = 10."""
    play = good_bad_chain(Chain(rho, H))
    assert tight_bound(rho / 2, H) == printed
    assert claim("B2").derive(play).difference.high == 1 - printed
    assert claim("B2.corrected").derive(play).holds
    assert claim("B1").derive(play).holds


def test_the_sharp_span_lies_below_the_papers() -> None:
    for rho, k in ((F(0), 3), (F(1, 2), 3), (F(1), 3)):
        assert tight_bound(rho, k) <= span_bound(rho, k)
    assert tight_bound(F(1, 2), 3) == F(7, 4)  # 1 + 1/2 + 1/4
    assert span_bound(F(1, 2), 3) == 2


def test_the_escape_identity_is_off_by_the_escape_probability() -> None:
    """C = 1, q = 1: the value is 1, printed is 1 * (1 - 1 + 2) = 2."""
    for q in (F(1), F(1, 3)):
        assert claim("D4").derive(Trap((q,))).difference.high == -q
    assert claim("D4.corrected").derive(Trap((F(1, 2), F(1, 3)))).holds


def test_lemma_2_is_tight_with_one_half() -> None:
    """C = 1, p = 1/2: E[min(tau - 1, 1)] = 1/2 and min(E[tau - 1], 1) = 1."""
    case = Geometric(F(1, 2), 1)
    assert claim("D5.tight").derive(case).difference.low == 0
    assert claim("D5.each-C").derive(case).difference.low == 0
    assert F(13, 100) < claim("D5").derive(case).difference.low < F(14, 100)  # 1/2 - 1/e = 0.132...


def test_the_supremum_of_a_sum_is_not_the_sum_of_suprema() -> None:
    """One agent tries action 0, then action 1: each secret is missed once, so 1 in sum but 1 + 1 apart."""
    assert claim("D7").derive(Schedule(2, ((0,), (1,)))).violated


@pytest.mark.parametrize(("M", "H", "lost"), [(10, 101, F(45, 100)), (100, 101, F(495, 1000))])
def test_a_fixed_agent_loses_less_than_one_half(M: int, H: int, lost: Fraction) -> None:
    """Two agents: (M - 1) / (2 M) in units of rho, however long the horizon."""
    assert least_by_formula(Shock(M, 2, H), "single-agent") == lost
    if M == 10:
        assert average(Shock(M, 2, H), sweep(Shock(M, 2, H)), "single-agent") == lost
        assert claim("D8").derive(ShockConstant(F(100), Shock(M, 2, H))).difference.high == lost - 1


def test_the_regret_of_a_plan_is_that_of_the_game() -> None:
    """Agent 1 wastes the first step, agent 2 would have been ready: regret 1, times the radius."""
    plan, secret = ((1, 0), (0, 0)), (0, 0)
    assert regret(plan, secret, "single-agent") == 1
    assert regret_in_the_game(plan, secret, Shock(2, 2, 3), F(1, 5)) == F(1, 5)
    assert initial_shock(agents=2, actions=2, horizon=3, secret=secret).reward[0, 0, 1, 0] == 1


def test_exp_of_h_is_no_bound_on_term_b() -> None:
    """P = (1/4, 3/4), rho = 7/5 > log 4: sigma is the value at the bad state, B = 1/2 > e / 8 = 0.34."""
    case = KLEstimates((F(1, 4), F(3, 4)), (F(1, 2), F(1)), (F(0), F(1)), F(7, 5), 1)
    slack = claim("C6").derive(case).difference
    assert F(-17, 100) < slack.low < slack.high < F(-15, 100)
    assert claim("C6.corrected").derive(case).holds


def test_the_other_rows_on_two_states() -> None:
    """At radius 4/5 on (1/3, 2/3) the factor is 2.793 > e; at most 1 / P_min = 3."""
    case = KLEstimates((F(1, 3), F(2, 3)), (F(1), F(1)), (F(0), F(1)), F(4, 5), 1)
    assert claim("C6").derive(case).violated
    assert claim("C6.corrected").derive(case).holds


def test_the_kl_adversary_dampens_small_gaps() -> None:
    """Slope c(rho) < 1: .932 at rho = 1/10; from rho = -log(1/2 - eps) on nothing can be lost."""
    slope = slope_at_half(F(1, 10))
    assert F(9315, 10**4) < slope.low < slope.high < F(9325, 10**4)
    assert claim("E2").derive(Arms(F(1, 100), F(1, 10))).violated
    assert robust_gap(Arms(F(1, 10), F(91630, 10**5))).high == 0  # -log(2/5) = 0.916290...
    assert robust_gap(Arms(F(1, 10), F(91629, 10**5))).low > 0


def test_a_coarse_equilibrium_of_a_3_by_3_game_invites_swaps() -> None:
    """Every row of R1 has one 1 in the three columns told, so fixed actions gain 0; swapping gains 2/3."""
    R = tuple(tuple(F(x) for x in row) for row in ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
    case = Told(R, ((0, 2), (1, 0), (2, 1)))
    assert external_gain(case) == 0
    assert claim("B32").derive(case).difference.high == -F(2, 3)


def test_averaged_marginals_are_no_equilibrium() -> None:
    """Both agree on (0, 0) or on (1, 1); averaged they meet half of the time: gap 1/2 (2 - 1) less 1/4."""
    R = ((F(1), F(0)), (F(0), F(2)))
    case = TwoProfiles(R, R, (0, 0), (1, 1))
    assert claim("G2").derive(case).difference.high == -F(1, 4)


def test_azuma_needs_its_factor_two() -> None:
    """One fair step is at distance 1 for sure, but exp(-1/2) = 0.607 is claimed."""
    assert claim("F2").derive(Walk(1, F(1))).violated
    assert claim("F2.corrected").derive(Walk(1, F(1))).holds


def test_tails_are_summed_exactly() -> None:
    """Of 2 trials at 1/3: P(1 success) = 2 * 1/3 * 2/3."""
    assert binomial_probability(2, F(1, 3), lambda k: k == 1) == F(4, 9)


def test_the_entry_of_table_1() -> None:
    """At rho = 1 the entry is H - 1; at rho = 1/2, H = 2 it is (1/4) / (1/4) = 1."""
    assert entry(F(1), 7) == 6
    assert entry(F(1, 2), 2) == 1


def test_the_variance_lemma_is_almost_attained_with_constant_one() -> None:
    """V = U = (d, 0), L = 0 at p = d = 1/1000: the ratio to H E[U - L] is near p (1 - p) 3/4 d^2 / (p d)."""
    p, d = F(1, 1000), F(1)
    case = Between((p, 1 - p), (F(0), F(0)), (d, F(0)), (d, F(0)), F(1))
    slack = claim("B18.tight").derive(case).difference
    assert slack.holds
    assert slack.low < p * d * F(3, 10)
