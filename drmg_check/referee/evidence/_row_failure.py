"""What a failed check shows of a row: the value got, the certified interval, the line to paste, a program."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from contextlib import suppress
from typing import TypeVar

from drmg_check.referee.asking import Subject
from drmg_check.referee.evidence._faults import Fault, RowFault
from drmg_check.referee.evidence._row_program import Ask, row_program
from drmg_check.referee.evidence._truth import certified
from drmg_check.runs import MAX_PASTE, Failure, Header, rational_above, rational_below
from drmg_check.sets import Row, uncertainty_from_data, uncertainty_to_data
from drmg_check.targets import Implementation
from drmg_check.vocabulary import InputError, NumericalError, exact, in_digits, show

Q = TypeVar("Q")
LARGEST = 1e300
"""JSON has no infinity."""
_SAFETY: dict[str, str] = {
    "too optimistic": "unsafe: it promises more than the adversary leaves",
    "too pessimistic": "safe, but wrong: the adversary cannot do that much",
}


def row_failure(fault: RowFault, subject: Subject, diagnosis: str, ask: Ask) -> Failure:
    """Return the record of a fault on a row; ``ask`` returns the request for one."""
    truth = None
    if fault.violation is None:
        with suppress(NumericalError):
            truth = certified(fault.question)
    agreement = fault.agreement
    return Failure(
        kind=fault.kind,
        instance=row_to_json(fault.question),
        got=_got(fault),
        low="" if truth is None else rational_below(truth.lo),
        high="" if truth is None else rational_above(truth.hi),
        direction=(agreement.direction if agreement is not None else None) or "",
        grade=agreement.grade if agreement is not None else "",
        lines=(*_lines(fault, subject.declared), *_first(fault)),
        diagnosis=diagnosis,
        snippet=row_program(fault, subject, ask),
        severity=share(fault),
    )


def replay_line(subject: Subject, check: str, row: str, header: Header) -> str:
    """Return the command that judges the row again, or the whole check if the row is too long to paste.

    A function that no command line finds is judged again by the call that judged it.
    """
    if not subject.is_named:
        again = f"checks=[{check!r}], profile={header.profile!r}, seed={header.seed}"
        return f"check_implementation(..., {again})  # {subject.address} is found by no command line"
    words = ["drmg-check", "validate", subject.address, *subject.options, "--checks", check]
    if row and len(row) <= MAX_PASTE:
        words += ["--row", row]
    else:
        words += ["--profile", header.profile, "--seed", str(header.seed)]
    return shlex.join(words)


def row_to_json(row: Row) -> str:
    """Write a row as one line of JSON with exact strings."""
    data = {
        "uncertainty": uncertainty_to_data(row.uncertainty),
        "nominal": [_short(x) for x in row.nominal],
        "values": [_short(x) for x in row.values],
        "radius": _short(row.radius),
    }
    return json.dumps(data, separators=(",", ":"))


def row_from_json(text: str) -> Row:
    """Read what :func:`row_to_json` wrote, or what a person typed.

    Raises
    ------
    InputError
        No JSON, a missing member, or an illegal row.
    """
    try:
        data = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise InputError(f"row={text[:60]!r} is no JSON: {error}") from error
    members = ("uncertainty", "nominal", "values", "radius")
    if not isinstance(data, dict) or sorted(data) != sorted(members):
        raise InputError(f"row={text[:60]!r}; expected an object with {', '.join(members)}")
    nominal, values = data["nominal"], data["values"]
    if not isinstance(nominal, list) or not isinstance(values, list):
        raise InputError(f"row={text[:60]!r}; expected arrays as nominal and values")
    return Row.of(uncertainty_from_data(data["uncertainty"]), nominal, values, data["radius"])


def _short(x: object) -> str:
    """Write a float64 rational in the shorter of two exact forms."""
    value = exact(x)
    forms = [show(value), float(value).hex()]
    return min(forms, key=len)


def _got(fault: RowFault) -> str:
    if fault.violation is not None:
        return ", ".join(map(repr, fault.violation.values))
    if fault.answer.value is not None:
        return repr(fault.answer.value)
    return fault.answer.message


def _lines(fault: RowFault, declared: Implementation) -> list[str]:
    row = fault.question
    lines = row_lines(row)
    if fault.violation is not None:
        relation, values = fault.violation.relation, fault.violation.values
        for one, value in zip(relation.rows, values, strict=True):
            lines.append(f"  got {value!r} for {_differences(one, row)}")
        return [*lines, f"law broken: {fault.message}"]
    if fault.agreement is not None:
        truth = fault.agreement.enclosure
        interval = number(truth.lo) if truth.lo == truth.hi else f"[{number(truth.lo)}, {number(truth.hi)}]"
        lines += [
            f"got {fault.answer.value!r}, certified {interval}",
            fault.message,
        ]
        if fault.agreement.direction is not None:
            lines.append(_SAFETY[fault.agreement.direction])
        if fault.agreement.grade in ("engineering", "weak"):
            bound = {"engineering": "1e-9", "weak": "1e-6"}[fault.agreement.grade]
            lines.append(
                f"right to {bound} of the span; it declares {in_digits(declared.accuracy)}: "
                f"if that is meant, declare accuracy={bound}"
            )
        if "zero-pattern" in fault.agreement.flags and fault.agreement.direction != "too optimistic":
            lines.append("this row is for implementations that keep zeros and tiny probabilities exactly")
        return lines
    return [*lines, f"{fault.kind}: {fault.message}"]


def row_lines(row: Row) -> list[str]:
    """Return the numbers of a row for people.

    >>> from drmg_check.sets import TotalVariation
    >>> row_lines(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    ['p = (1/2, 1/2)   V = (0, 1)   rho = 1/4']
    """
    lines = [f"p = {_vector(row.nominal)}   V = {_vector(row.values)}   rho = {number(row.radius)}"]
    if name := row.uncertainty.fixed_by:
        lines.append(f"{name} = {uncertainty_to_data(row.uncertainty)[name]}")
    return lines


def share(fault: Fault[Q]) -> float:
    """Return how severe a fault is: a share of the values; what is no answer is wrong altogether."""
    return 1.0 if fault.severity is None else min(float(fault.severity), LARGEST)


def percentage(fault: Fault[Q]) -> str:
    """Return how severe a fault is, for people."""
    return f"{100 * share(fault):.2g} %"


def _first(fault: RowFault) -> list[str]:
    """Say which row was seen first, if a simpler one is shown."""
    if fault.first is None or fault.severity is None:
        return []
    row = fault.first.question
    numbers = f"p = {_vector(row.nominal)}   V = {_vector(row.values)}   rho = {number(row.radius)}"
    sizes = f"{percentage(fault)} here, {percentage(fault.first)} there"
    return [f"simplified from {numbers}: wrong by {sizes}"]


def _differences(one: Row, row: Row) -> str:
    said = []
    if one.uncertainty != row.uncertainty:
        said.append(f"{one.uncertainty.kind} {getattr(one.uncertainty, 'support', '')}".strip())
    if one.nominal != row.nominal:
        said.append(f"p = {_vector(one.nominal)}")
    if one.values != row.values:
        said.append(f"V = {_vector(one.values)}")
    if one.radius != row.radius:
        said.append(f"rho = {number(one.radius)}")
    return ", ".join(said) or "the row itself"


def _vector(values: Sequence[object]) -> str:
    shown = [number(x) for x in values[:12]]
    return f"({', '.join(shown)}{f', ... {len(values)} entries' if len(values) > 12 else ''})"


def number(x: object) -> str:
    """Write a rational as a fraction if that is short, else as a float."""
    value = exact(x)
    text = show(value)
    return text if len(text) <= 9 else repr(float(value))
