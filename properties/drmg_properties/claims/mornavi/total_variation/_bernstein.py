"""Appendix E, Lemmas 8, 11 and 12 at one row: bonuses against worst cases (B12, B13, B15, B16).

Values here may be any, chosen after the data were seen: what holds, holds on the event for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any, TypeAlias

from flint import arb
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.sets import Row, TotalVariation
from drmg_check.vocabulary import InputError, Slack, Verdict, normalise
from drmg_oracles import worst_case_exact
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Generated, twins
from drmg_properties.claims.steps import C1, C2, mean, on_event, sdrop, variance
from drmg_properties.formulas import ball, enclose_formula, interval, vector
from drmg_properties.strategies import fractions, weighted_values

WIDTH = Fraction(1, 2**60)
ON_EVENT = ("the second part of event E_TV, c1 = 2, c2 = 3", "0 <= L <= V <= U <= H", "H >= 1")
LEARNED = "Rational rows; t = iota / N is the least power of 1/2 for which the event holds. "
Sides: TypeAlias = tuple[Callable[[], arb], Callable[[], arb]]


@dataclass(frozen=True, slots=True)
class Learned:
    """A nominal row and an empirical one on event E_TV at t = iota / N, and values ``0 <= L <= V <= U <= H``.

    The second part of the event: ``|Phat(s) - P(s)| <= sqrt(c1 t min(P(s), Phat(s))) + c2 t`` in each
    state, c1 = 2, c2 = 3.
    """

    nominal: tuple[Fraction, ...]
    empirical: tuple[Fraction, ...]
    L: tuple[Fraction, ...]
    V: tuple[Fraction, ...]
    U: tuple[Fraction, ...]
    radius: Fraction
    H: Fraction
    t: Fraction

    def __post_init__(self) -> None:
        for p in (self.nominal, self.empirical):
            for values in (self.L, self.V, self.U):
                Row(TotalVariation(), p, values, self.radius)
            if normalise(p) != p:
                raise InputError(f"{vector(p)} sums to {sum(p)}; expected a distribution")
        if not all(0 <= x <= y <= z <= self.H for x, y, z in zip(self.L, self.V, self.U, strict=True)):
            raise InputError(
                f"L={vector(self.L)}, V={vector(self.V)}, U={vector(self.U)}; expected L <= V <= U <= H"
            )
        if self.H < 1 or self.t <= 0 or not on_event(self.nominal, self.empirical, self.t):
            raise InputError(f"H={self.H}, t={self.t}; expected H >= 1 and event E_TV at t > 0")

    @property
    def D(self) -> tuple[Fraction, ...]:
        """The width ``U - L``."""
        return tuple(u - low for u, low in zip(self.U, self.L, strict=True))

    @property
    def middle(self) -> tuple[Fraction, ...]:
        """``(U + L) / 2``."""
        return tuple((u + low) / 2 for u, low in zip(self.U, self.L, strict=True))


@st.composite
def learned(draw: DrawFn, budget: Budget) -> Learned:
    p, L, d, e = draw(weighted_values(1 + budget.size, columns=3, high=1))
    V = tuple(x + y for x, y in zip(L, d, strict=True))
    U = tuple(x + y for x, y in zip(V, e, strict=True))
    weights = draw(st.lists(st.integers(0, 4), min_size=len(p), max_size=len(p)).filter(any))
    near = draw(st.sampled_from((0, 1, 10, 100)))
    q = normalise([near * w + Fraction(x, sum(weights)) for w, x in zip(p, weights, strict=True)])
    # The smallest t on a grid of powers of two for which the event holds makes the claims hardest.
    t = next(t for t in (Fraction(1, 2**k) for k in range(24, -1, -1)) if on_event(p, q, t))
    return Learned(p, q, L, V, U, draw(fractions(0, 1, 4)), max(*U, Fraction(1)), t)


def _hinge_distance(
    case: Learned, over: tuple[Fraction, ...], under: tuple[Fraction, ...] | None
) -> Fraction:
    """Return the sup over eta of ``|(Phat - P)[(eta - over)+ - (eta - under)+]|``, without ``under`` if None.

    The difference is linear between the values, and constant beyond them if both terms are there;
    eta goes up to H.
    """
    below = under if under is not None else ()

    def deviation(eta: Fraction) -> Fraction:
        f = [max(eta - x, Fraction(0)) for x in over]
        if under is not None:
            f = [x - max(eta - y, Fraction(0)) for x, y in zip(f, under, strict=True)]
        return abs(mean(case.empirical, f) - mean(case.nominal, f))

    return max(deviation(eta) for eta in {Fraction(0), case.H, *over, *below})


def _lemma_12_room(case: Learned) -> Fraction:
    """Return ``E_Phat[D] / H + (c1 + c2) H^2 S t``."""
    return mean(case.empirical, case.D) / case.H + (C1 + C2) * case.H**2 * len(case.D) * case.t


def _lines(case: Learned) -> tuple[str, ...]:
    return (
        f"P = {vector(case.nominal)}, Phat = {vector(case.empirical)}, rho = {case.radius}, H = {case.H}",
        f"L = {vector(case.L)}, V = {vector(case.V)}, U = {vector(case.U)}",
        f"event E_TV holds at t = iota / N = {case.t} with c1 = {C1}, c2 = {C2}",
    )


def exact_check(
    sides: Callable[[Learned], tuple[Fraction, Fraction]], left: str, right: str
) -> Check[Learned]:
    """Check ``left <= right`` in fractions."""

    def slack(case: Learned) -> Slack:
        found, allowed = sides(case)
        return Slack.of(allowed - found)

    def explain(case: Learned) -> tuple[str, ...]:
        found, allowed = sides(case)
        return (*_lines(case), f"{left} = {found}", f"{right} = {allowed}", f"slack = {allowed - found}")

    return Check(slack, explain)


def rooted_check(sides: Callable[[Learned], Sides], left: str, right: str) -> Check[Learned]:
    """Check ``left <= right`` where both hold roots, in ball arithmetic."""

    def slack(case: Learned) -> Slack:
        found, allowed = sides(case)
        return enclose_formula(lambda: allowed() - found(), WIDTH)

    def explain(case: Learned) -> tuple[str, ...]:
        found, allowed = (enclose_formula(side, WIDTH) for side in sides(case))
        return (
            *_lines(case),
            f"{left}: {interval(found)}",
            f"{right}: {interval(allowed)}",
            f"slack: {interval(slack(case))}",
        )

    return Check(slack, explain)


def _term_ii(case: Learned) -> tuple[Fraction, Fraction]:
    return _hinge_distance(case, case.V, case.U), _lemma_12_room(case)


def _lemma_11(case: Learned) -> tuple[Fraction, Fraction]:
    moved = abs(sdrop(case.empirical, case.V, case.radius) - sdrop(case.nominal, case.V, case.radius))
    return moved, _hinge_distance(case, case.U, None) + _lemma_12_room(case)


def _moved(case: Learned) -> Fraction:
    """Return ``|sigma_Phat(V) - sigma_P(V)|`` for the worst case over the whole ball."""
    one, two = (
        worst_case_exact(Row(TotalVariation(), p, case.V, case.radius))
        for p in (case.empirical, case.nominal)
    )
    return abs(one - two)


def root(square: Fraction, rest: Fraction) -> Callable[[], arb]:
    """Return ``sqrt(square) + rest`` as a formula of balls."""
    return lambda: ball(square).sqrt() + ball(rest)


def _uniform_bonus(case: Learned) -> Sides:
    S = len(case.V)
    rest = 2 * mean(case.empirical, case.D) / case.H + (C1 + C2) * case.H**2 * S * case.t
    return root(Fraction(0), _moved(case)), root(
        C1 * S * case.t * variance(case.empirical, case.middle), rest
    )


def _printed_bonus(case: Learned) -> Sides:
    """Return the last term of (19) with the fewest visits at which ``iota = t N >= 1``."""
    N = max(1, ceil(1 / case.t))
    last = C2 * case.H**2 * len(case.V) * case.t
    return root(Fraction(0), _moved(case)), root(last**2 * N, Fraction(0))


@dataclass(frozen=True, slots=True)
class Replies:
    """Payoffs of two agents with two actions each, and a pure profile."""

    R1: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
    R2: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
    profile: tuple[int, int]

    def __post_init__(self) -> None:
        if not all(a in (0, 1) for a in self.profile):
            raise InputError(f"profile={self.profile}; expected actions 0 or 1")


def _best_replies(case: Replies) -> tuple[tuple[int, int], list[Fraction], list[Fraction]]:
    """Return the profile of best replies, what it pays, and what each reply alone would pay."""
    a, b = case.profile
    one = max((0, 1), key=lambda x: (case.R1[x][b], -x))
    two = max((0, 1), key=lambda y: (case.R2[a][y], -y))
    return (one, two), [case.R1[one][two], case.R2[one][two]], [case.R1[one][b], case.R2[a][two]]


def _replies_slack(case: Replies) -> Slack:
    _, paid, alone = _best_replies(case)
    return Slack.of(-max(abs(x - y) for x, y in zip(paid, alone, strict=True)))


def _replies_explain(case: Replies) -> tuple[str, ...]:
    together, paid, alone = _best_replies(case)
    return (
        f"R1 = {', '.join(map(vector, case.R1))}; R2 = {', '.join(map(vector, case.R2))}",
        f"pi plays {case.profile}; best replies to it, ties to 0, give pi_dagger = {together}",
        f"V^(dagger, pi_-i) = {vector(alone)}, but pi_dagger itself earns V^(pi_dagger) = {vector(paid)}",
        f"slack = -|difference| = {_replies_slack(case).low}",
    )


def _replies(budget: Budget) -> Iterator[Replies]:
    zero, one = Fraction(0), Fraction(1)
    for total in range(9):
        for bits in product((zero, one), repeat=8):
            if sum(bits) == total:
                w, x, y, z, *other = bits
                k, m, n, o = other
                yield Replies(((w, x), (y, z)), ((k, m), (n, o)), (0, 0))


_TERM_II = exact_check(_term_ii, "sup over eta of term (ii)", "E_Phat[D] / H + (c1 + c2) H^2 S t")
_LEMMA_11 = exact_check(
    _lemma_11, "|sigma_Phat(V) - sigma_P(V)|", "term (i) + E_Phat[D] / H + (c1 + c2) H^2 S t"
)
_UNIFORM = rooted_check(_uniform_bonus, "|sigma_Phat(V) - sigma_P(V)|", "bonus with c1 S, less 1 / sqrt(K)")
_PRINTED = rooted_check(_printed_bonus, "|sigma_Phat(V) - sigma_P(V)|", "c2 H^2 S iota / sqrt(N)")
CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B12.corrected",
        place="Lemma 8, with sqrt(c1 S iota Var / N) in the bonus",
        title="A bonus for all values at once",
        statement=(
            "On the event, |sigma_Phat(V) - sigma_P(V)| <= sqrt(c1 S iota Var_Phat((U + L)/2) / N) "
            "+ 2 E_Phat[U - L] / H + (c1 + c2) H^2 S iota / N for every V between L and U."
        ),
        latex=(
            r"|\sigma_{\hat P}(V) - \sigma_{P^*}(V)| \le \sqrt{\frac{c_1 S \iota Var_{\hat P}(\bar M)}{N}} "
            r"+ \frac{2 E_{\hat P}[D]}{H} + \frac{(c_1 + c_2) H^2 S \iota}{N}"
        ),
        formalisation=LEARNED + "Worst cases over the whole ball, exactly; slack = right - left, enclosed.",
        assumptions=ON_EVENT,
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Learned,
        search=Generated(learned),
        derive=twins(_UNIFORM.slack, _UNIFORM.explain),
    ),
    Claim(
        id="B13",
        place="Lemma 8 with (19) as printed",
        title="The last term of the printed bonus suffices alone",
        statement=(
            "On the event, |sigma_Phat(V) - sigma_P(V)| <= c2 H^2 S iota / sqrt(N) for every V in [0, H]."
        ),
        latex=r"|\sigma_{\hat P}(V) - \sigma_{P^*}(V)| \le \frac{c_2 H^2 S \iota}{\sqrt{N}}",
        formalisation=(
            LEARNED + "N is the least number with iota >= 1, which is hardest. Worst cases exactly; "
            "slack = right - left, enclosed."
        ),
        assumptions=(*ON_EVENT, "iota >= 1"),
        reading="literal",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Learned,
        search=Generated(learned),
        derive=twins(_PRINTED.slack, _PRINTED.explain),
    ),
    Claim(
        id="B15",
        place="Lemma 11, term (ii), eq. (88)-(90)",
        title="From the best-response value to the value of the policy",
        statement=(
            "On the event, term (ii) is at most E_Phat[U - L] / H + c2' H^2 S iota / N, with c2' = c1 + c2."
        ),
        latex=(
            r"\sup_\eta \left|(\hat P - P^*)[(\eta - V)_+ - (\eta - V^\dagger)_+]\right| "
            r"\le \frac{E_{\hat P}[D]}{H} + \frac{c_2' H^2 S \iota}{N}"
        ),
        formalisation=LEARNED
        + "U stands for the best-response value, V for the policy's; slack = right - left.",
        assumptions=ON_EVENT,
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Learned,
        search=Generated(learned),
        derive=twins(_TERM_II.slack, _TERM_II.explain),
    ),
    Claim(
        id="B16",
        place="Lemma 11, case pi^k = pi_dagger, and eq. (18)",
        title="All agents' best replies, played at once",
        statement="The profile pi_dagger of all best replies earns each agent its best-response value.",
        latex=r"V^{\pi^\dagger}_i = V^{\dagger,\pi_{-i}}_i",
        formalisation="One state, H = 1, two agents, payoffs 0 or 1, ties to 0; slack = -|difference|.",
        assumptions=(),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="B16.corrected",
        instance_type=Replies,
        search=Exhaustive(_replies),
        derive=twins(_replies_slack, _replies_explain),
    ),
    Claim(
        id="B16.corrected",
        place="Lemma 11, for the value of any policy",
        title="Lemma 11, stated for V^pi with the best-response value in term (i)",
        statement=(
            "On the event, |sigma_Phat(V) - sigma_P(V)| <= sup over eta of |(Phat - P)(eta - U)+| "
            "+ E_Phat[U - L] / H + c2' H^2 S iota / N for L <= V <= U."
        ),
        latex=(
            r"|\sigma_{\hat P}(V) - \sigma_{P^*}(V)| \le \sup_\eta |(\hat P - P^*)(\eta - V^\dagger)_+| "
            r"+ \frac{E_{\hat P}[D]}{H} + \frac{c_2' H^2 S \iota}{N}"
        ),
        formalisation=(
            LEARNED
            + "sigma is the dual without its min term; U stands for the best-response value, for which "
            "the first part of the event bounds term (i); c2' = c1 + c2. slack = right - left."
        ),
        assumptions=ON_EVENT,
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Learned,
        search=Generated(learned),
        derive=twins(_LEMMA_11.slack, _LEMMA_11.explain),
    ),
)
