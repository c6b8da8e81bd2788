"""``worst-case``: the smallest expectation of V in the ball around one nominal row.

``f(p[s], V[s], rho)`` returns a number, and a worst distribution ``q[s]`` beside it where that is declared.
The truth is a certified interval (:func:`drmg_oracles.enclose`); a value is judged by backward error, a
distribution by its definition, and the laws of single rows need no truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np

from drmg_check.referee.asking import (
    FORMATS,
    Answer,
    Form,
    Session,
    Subject,
    float_parts,
    radius_on_the_wire,
    row_as_given,
    sign_of,
    tolerance_of,
)
from drmg_check.referee.diagnosis import Diagnose, discriminating_rows
from drmg_check.referee.evidence import Fault, RowFault, Tally, row_failure, row_from_json, row_lines
from drmg_check.referee.levels._level import Example, Level, TableRow
from drmg_check.referee.levels._planned import Judge, PlannedCheck
from drmg_check.referee.levels._row_judges import (
    judge_answered,
    judge_deterministic,
    judge_distribution,
    judge_law,
    judge_untouched,
    judge_value,
)
from drmg_check.referee.levels._row_questions import (
    family_rows,
    generated_rows,
    rows_to_repeat,
    simple_rows,
    simplify,
    smoke_rows,
)
from drmg_check.runs import Failure
from drmg_check.sets import Row, TotalVariation, UncertaintySet
from drmg_check.targets import (
    Implementation,
    Reply,
    Request,
    SetFamily,
    as_float,
    implementation,
    set_family,
    set_name,
    set_on_the_wire,
)
from drmg_check.vocabulary import FloatArray, UnsupportedError, exact, exact_tuple
from drmg_check.words import FailureKind
from drmg_oracles import worst_case_exact
from drmg_properties.laws import LAWS

FAMILY_TITLES = {
    "small": "fractions that a reader can check by hand",
    "typical": "generic rows at generic radii",
    "ties": "tied values",
    "zeros": "states of nominal probability 0",
    "tiny-weights": "probabilities down to 5e-324",
    "tiny-radius": "radii down to 5e-324",
    "zero-radius": "radius 0",
    "saturation": "the radius that reaches the minimum, and its neighbours",
    "constant": "constant values",
    "value-scale": "values of any size",
    "one-state": "one state",
    "point-mass": "deterministic nominal rows",
    "scaled-weights": "probabilities from counts and percentages",
    "whole-simplex": "radii beyond every threshold",
    "dynamic-range": "probabilities over hundreds of magnitudes",
    "large": "a hundred states",
}
_SMOKE = {
    "one-state": "a game of one state",
    "radius-zero": "radius 0, the nominal mean",
    "two-states": "two states by hand",
}
_TV = TotalVariation()


def row_request(declared: Implementation, row: Row) -> Request:
    """Return the request for a row in the conventions that the implementation declares.

    Raises
    ------
    UnsupportedError
        A number of it is beyond float64.
    """
    p, V, rho = float_parts(row, declared.precision)
    radius = radius_on_the_wire(declared, rho)
    if rho and radius != rho and radius < FORMATS[declared.precision].smallest_normal:
        raise UnsupportedError(
            f"the radius is beyond {declared.precision} in the convention that is declared"
        )
    sign = sign_of(declared)
    return {
        "cmd": "worst_case",
        "set": set_on_the_wire(row.uncertainty),
        "S": len(V),
        "p": p,
        "V": [sign * v for v in V],
        "rho": radius,
        "distribution": declared.distribution,
    }


def _request(declared: Implementation, row: Row) -> Request | Answer:
    name = set_name(row.uncertainty)
    if name not in declared.sets:
        return Answer(trouble=FailureKind.NOT_SUPPORTED, message=f"it declares no set {name}")
    return row_request(declared, row)


def _read(declared: Implementation, _: Row, reply: Reply) -> Answer:
    value = as_float(reply.value)
    if value is None:
        said = f"the value is {reply.value!r}, which is no number"
        return Answer(trouble=FailureKind.GARBAGE, message=said)
    if value - value != 0:
        said = f"returned {value!r}"
        return Answer(value=value, trouble=FailureKind.NOT_A_NUMBER, message=said, mutated=reply.mutated)
    if declared.distribution and reply.distribution is None:
        said = "declares distribution=True but returned no distribution"
        return Answer(trouble=FailureKind.WRONG_DECLARATION, message=said, mutated=reply.mutated)
    sign = -1 if declared.quantity == "cost" else 1
    return Answer(value=sign * value, distribution=reply.distribution, mutated=reply.mutated)


def _checks(declared: Implementation) -> Iterator[PlannedCheck[Row]]:
    for name in declared.sets:
        yield from _checks_of(set_family(name), with_distribution=declared.distribution)


def _checks_of(family: SetFamily, *, with_distribution: bool) -> Iterator[PlannedCheck[Row]]:
    def check(
        name: str, title: str, judge: Judge[Row], rows: Callable[[], Sequence[Row]], *, searches: bool = False
    ) -> PlannedCheck[Row]:
        return PlannedCheck(
            about=family.name,
            name=name,
            title=title,
            judge=judge,
            questions=rows,
            drawn=partial(generated_rows, family) if searches else None,
            simplify=simplify,
        )

    simple = partial(simple_rows, family)
    for name, row in smoke_rows(family).items():
        yield check(f"smoke/{name}", f"solves {_SMOKE[name]}", judge_value, partial(tuple, (row,)))
    yield check("contract/answers", "every legal row gets a number", judge_answered, simple, searches=True)
    yield check("contract/input", "leaves its input alone", judge_untouched, simple)
    title = "gives equal rows equal values"
    yield check("contract/deterministic", title, judge_deterministic, partial(rows_to_repeat, family))
    for law in LAWS:
        yield check(f"law/{law.id}", law.statement, partial(judge_law, law), simple, searches=True)
    for name in family_rows(family.name):
        title = FAMILY_TITLES.get(name, name)
        yield check(f"oracle/{name}", f"agrees: {title}", judge_value, partial(_rows_of, family.name, name))
    yield check("oracle/generated", "agrees: generated rows", judge_value, tuple, searches=True)
    telling = partial(discriminating_rows, family.make(1))
    yield check(
        "oracle/telling", "agrees: rows where every mistake of the catalogue shows", judge_value, telling
    )
    if with_distribution:
        title = "its worst distribution is legal and attains the value"
        yield check("distribution/attains", title, judge_distribution, simple, searches=True)


def _rows_of(name: str, family: str) -> Sequence[Row]:
    return family_rows(name)[family]


def judge_row(session: Session[Row], row: Row, tally: Tally) -> RowFault | None:
    """Return what is wrong with the answer to a row by itself, or None."""
    fault = judge_untouched(session, row, tally) or judge_value(session, row, tally)
    if fault is None and session.declared.distribution:
        fault = judge_distribution(session, row, tally)
    return fault


def _failure(fault: RowFault, subject: Subject, diagnosis: str) -> Failure:
    return row_failure(fault, subject, diagnosis, row_request)


def _stored(text: str, _: Implementation) -> Row:
    return row_as_given(row_from_json(text))


def _diagnose(session: Session[Row], fault: Fault[Row], diagnose: Diagnose) -> str | None:
    if fault.kind not in (FailureKind.WRONG_VALUE, FailureKind.LAW_BROKEN) or not isinstance(fault, RowFault):
        return None
    declared = fault.question.uncertainty
    rows = (fault.question,) if fault.violation is None else fault.violation.relation.rows
    alike = [row for row in rows if set_name(row.uncertainty) == set_name(declared)]
    return diagnose(session.solve, declared, alike, tolerance_of(session.declared))


@implementation(["tv", "wasserstein:2"], name="worked example")
def worst_case(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet = _TV) -> Fraction:
    """Return the smallest expectation of V under the distributions within rho of p."""
    return worst_case_exact(Row(uncertainty, exact_tuple(p, "p"), exact_tuple(V, "V"), exact(rho)))


@implementation("tv", name="worked example", distribution=True)
def with_distribution(p: FloatArray, V: FloatArray, rho: float) -> tuple[Fraction, FloatArray]:
    """Return a worst distribution, too: the mass rho leaves the largest values for a smallest one."""
    q, left = p.copy(), rho
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        q[np.argmin(V)] += moved
        left -= moved
    return worst_case(p, V, rho), q


def example_row(name: str, radius: Fraction) -> Row:
    """Return a row of two states, even odds and the values 0 and 1."""
    half = Fraction(1, 2)
    return Row(set_family(name).make(2), (half, half), (Fraction(0), Fraction(1)), radius)


WORST_CASE: Level[Row] = Level(
    name="worst-case",
    row=TableRow("f(p, V, rho)", "a number", "a number"),
    form=Form(given=row_as_given, request=_request, read=_read, states=lambda row: len(row.values)),
    checks=_checks,
    verdict=judge_row,
    failure=_failure,
    diagnose=_diagnose,
    stored=_stored,
    lines=row_lines,
    examples=(
        Example(
            about="the smallest expectation of V in the ball around p",
            function=worst_case,
            questions=lambda: (
                example_row("tv", Fraction(1, 4)),
                example_row("wasserstein:2", Fraction(1, 2)),
            ),
        ),
        Example(
            about="the same, with a distribution",
            function=with_distribution,
            questions=lambda: (example_row("tv", Fraction(1, 4)),),
        ),
    ),
)
