"""Appendix F: the algebra of the bonuses, eq. (125) and (127) (C10, C16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, twins
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


def _term_sides(term: Term, squared: int) -> tuple[sympy.Expr, sympy.Expr]:
    """Return a term of the sum on the left of (125), by (124), and on its right.

    The covering term on the left is ``sqrt(squared / K)``.
    """
    import sympy

    H, K, S, A, rho, P, iota, c1, c2 = sympy.symbols("H K S A rho P iota c1 c2", positive=True)
    bonus = 4 * c1 * H / rho * sympy.sqrt(iota**2 / P) * c2
    if term.number == 1:
        left = bonus * sympy.sqrt(H**2 * K * S * A)
        return left, 4 * c1 * c2 * sympy.sqrt(H**4 * K * S * A * iota**2 / (rho**2 * P))
    if term.number == 2:
        return bonus * H * S * A, 4 * c1 * c2 * H**2 * S * A * iota / (rho * sympy.sqrt(P))
    return K * H * sympy.sqrt(squared / K), sympy.sqrt(squared) * sympy.sqrt(H**2 * K)


def _algebra_check(squared: int) -> Check[Term]:
    def slack(term: Term) -> Slack:
        import sympy

        left, right = _term_sides(term, squared)
        ratio = sympy.simplify(right / left)
        if not ratio.is_Rational:
            return Slack.of(-1)  # not even the same powers
        return Slack.of(Fraction(int(ratio.p), int(ratio.q)) - 1)

    def explain(term: Term) -> tuple[str, ...]:
        left, right = _term_sides(term, squared)
        return (
            f"term {term.number}: left {left}",
            f"right {right}",
            f"slack = right / left - 1 = {slack(term).low}",
        )

    return Check(slack, explain)


_TWO, _FOUR = (covering(2, printed, "A <= 2 beta, and ") for printed in (2, 4))
_PRINTED, _COUNTED = _algebra_check(4), _algebra_check(16)
_BONUS_125 = r"\frac{4 c_1 H}{\rho} \sqrt{\frac{\iota^2}{P_{min}}}"

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C10",
        place="Lemma 17, eq. (127)",
        title="The covering term of two bonuses",
        statement="A <= 2 beta, of which the covering term is sqrt(2 / K).",
        latex=r"2 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{2}{K}}",
        formalisation="K a square, so that all is rational.",
        assumptions=("K >= 1",),
        reading="literal",
        severity="constant",
        expected=Verdict.REFUTED,
        corrected="C10.corrected",
        instance_type=Count,
        search=Exhaustive(episodes),
        derive=_TWO,
    ),
    Claim(
        id="C10.corrected",
        place="Lemma 17, eq. (127)",
        title="The covering term of two bonuses, corrected",
        statement="A <= 2 beta, of which the covering term is 2 / sqrt(K).",
        latex=r"2 \cdot \frac{1}{\sqrt{K}} \le \sqrt{\frac{4}{K}}",
        formalisation="K a square, so that all is rational.",
        assumptions=("K >= 1",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Count,
        search=Exhaustive(episodes),
        derive=_FOUR,
    ),
    Claim(
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
            "Term by term in symbols, with the constants 4 c1 c2', 4 c1 c2' and 2: right / left must "
            "simplify to a number; slack = that number - 1. The three terms are the whole statement."
        ),
        assumptions=("eq. (124)", "sqrt(4 / K) for the covering terms, which claim B8 refutes"),
        reading="literal",
        severity="constant",
        expected=Verdict.PROVED,
        corrected="C16.corrected",
        instance_type=Term,
        search=Exhaustive(_terms, proves=True),
        derive=twins(_PRINTED.slack, _PRINTED.explain),
    ),
    Claim(
        id="C16.corrected",
        place="Eq. (125)",
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
        expected=Verdict.PROVED,
        corrected=None,
        instance_type=Term,
        search=Exhaustive(_terms, proves=True),
        derive=twins(_COUNTED.slack, _COUNTED.explain),
    ),
)
