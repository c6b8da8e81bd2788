"""Appendix F: the algebra of the bonuses, eq. (125) and (127) (C10, C16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from drmg_check.vocabulary import InputError, UnsupportedError, Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_least
from drmg_properties.claims.steps import Count, covering, episodes

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, slots=True)
class Term:
    """A term of eq. (125): 1 and 2 from the bonus, 3 from the covering."""

    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 3:
            raise InputError(f"number={self.number}; expected 1, 2 or 3")


def _terms(budget: Budget) -> Iterator[Term]:
    return (Term(k) for k in (1, 2, 3))


def _term_sides(term: Term, covered: int) -> tuple[sympy.Expr, sympy.Expr]:
    """Return a term of the sum on the left of (125), by (124), and on its right.

    A covering term is ``covered / sqrt(K)``.
    """
    import sympy

    H, K, S, A, rho, P, iota, c1, c2 = sympy.symbols("H K S A rho P iota c1 c2", positive=True)
    bonus = 4 * c1 * H / rho * sympy.sqrt(iota**2 / P) * c2
    if term.number == 1:
        left = bonus * sympy.sqrt(H**2 * K * S * A)
        return left, 4 * c1 * c2 * sympy.sqrt(H**4 * K * S * A * iota**2 / (rho**2 * P))
    if term.number == 2:
        return bonus * H * S * A, 4 * c1 * c2 * H**2 * S * A * iota / (rho * sympy.sqrt(P))
    return K * H * covered / sympy.sqrt(K), covered * sympy.sqrt(H**2 * K)


def bonus_sum(covered: int, share: Fraction = Fraction(1)) -> Callable[[Term], Derivation]:
    """State that the share of each term on the right is at least the term on the left, by their ratio."""

    def derive(term: Term) -> Derivation:
        import sympy

        left, right = _term_sides(term, covered)
        ratio = sympy.simplify(right / left)
        if not ratio.is_Rational:
            raise UnsupportedError(f"right / left = {ratio}; expected the same powers on both sides")
        return at_least(
            share * Fraction(int(ratio.p), int(ratio.q)),
            1,
            lambda: (
                f"term {term.number}: left {left}",
                f"right {right}, of which {share}",
                f"their ratio, in symbols, is {ratio}; {share} of it must be at least 1",
            ),
        )

    return derive


_BONUS_125 = r"\frac{4 c_1 H}{\rho} \sqrt{\frac{\iota^2}{P_{min}}}"
_LESS = Fraction(9, 10)

C10 = Claim(
    id="C10",
    place="Lemma 17, eq. (127)",
    title="The covering term of two bonuses",
    statement="A <= 2 beta, of which the covering term is sqrt(2 / K).",
    latex=r"2 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{2}{K}}",
    formalisation="Square K, so that 1 / sqrt(K) is rational; the root is enclosed.",
    assumptions=("K >= 1",),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="C10.corrected",
    instance_type=Count,
    search=Exhaustive(episodes),
    derive=covering(2, 2, "A <= 2 beta, and "),
)
C10_CORRECTED = replace(
    C10,
    id="C10.corrected",
    title="The covering term of two bonuses, corrected",
    statement="A <= 2 beta, of which the covering term is 2 / sqrt(K).",
    latex=r"2 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{4}{K}}",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=covering(2, 4, "A <= 2 beta, and "),
    neighbours=(Neighbour("3 for 4 under the root", covering(2, 3)),),
)
C16 = Claim(
    id="C16",
    place="Eq. (125)",
    title="The algebra of the bonus sum",
    statement="By (124) the bonuses of (114) sum to at most an absolute constant times three terms.",
    latex=(
        r"\sum_{k,h} \left( " + _BONUS_125 + r" \frac{1}{\sqrt{N}} + \sqrt{\frac{4}{K}} \right) \le "
        r"c \left( \sqrt{\frac{H^4 K S A \iota^2}{\rho^2 P_{min}}} "
        r"+ \frac{H^2 S A \iota}{\rho \sqrt{P_{min}}} + \sqrt{H^2 K} \right)"
    ),
    formalisation=(
        "Term by term in symbols, with the constants 4 c1 c2', 4 c1 c2' and 2: right / left must simplify to "
        "a number, which is at least 1. The three terms are the whole statement."
    ),
    assumptions=("eq. (124)", "sqrt(4 / K) for the covering terms, which claim B8 refutes"),
    severity="constant",
    expected=Verdict.PROVED,
    corrected="C16.corrected",
    instance_type=Term,
    search=Exhaustive(_terms, proves=True),
    derive=bonus_sum(2),
    neighbours=(Neighbour("9/10 of each constant", bonus_sum(2, _LESS)),),
)
C16_CORRECTED = replace(
    C16,
    id="C16.corrected",
    title="The algebra of the bonus sum, with four covering terms",
    statement="With 4 / sqrt(K) for the covering terms the third term is 4 H sqrt(K).",
    latex=(
        r"\sum_{k,h} \left( " + _BONUS_125 + r" \frac{1}{\sqrt{N}} + \frac{4}{\sqrt{K}} \right) \le "
        r"c \left( \sqrt{\frac{H^4 K S A \iota^2}{\rho^2 P_{min}}} "
        r"+ \frac{H^2 S A \iota}{\rho \sqrt{P_{min}}} \right) + 4 H \sqrt{K}"
    ),
    formalisation="As C16, with the constants 4 c1 c2', 4 c1 c2' and 4.",
    assumptions=("eq. (124)",),
    reading="corrected",
    severity="none",
    corrected=None,
    derive=bonus_sum(4),
    neighbours=(Neighbour("9/10 of each constant", bonus_sum(4, _LESS)),),
)

CLAIMS: tuple[Claim[Any], ...] = (C10, C10_CORRECTED, C16, C16_CORRECTED)
