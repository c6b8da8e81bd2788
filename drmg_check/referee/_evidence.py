"""What a failed check shows: the row, the value got, the certified interval, the line to paste, a program."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from typing import TypeAlias

from drmg_check.referee._judge import Finding, certified
from drmg_check.referee._snippet import snippet
from drmg_check.runs import MAX_PASTE, Failure, Header, rational_above, rational_below
from drmg_check.sets import Row, UncertaintySet, uncertainty_from_data, uncertainty_to_data
from drmg_check.targets import Implementation
from drmg_check.vocabulary import InputError, NumericalError, exact, show

Solve: TypeAlias = Callable[[Row], float]
Diagnose: TypeAlias = Callable[[Solve, UncertaintySet, Sequence[Row]], str | None]
"""``diagnose(solve, declared, rows)`` says what ``solve`` seems to compute instead of the declared set.

``rows`` are those of one failure; it may ask for others."""
_SAFETY = {
    "too optimistic": "unsafe: it promises more than the adversary leaves",
    "too pessimistic": "safe, but wrong: the adversary cannot do that much",
}


def failure_of(
    finding: Finding,
    address: str,
    declared: Implementation,
    parameters: tuple[str, ...],
    diagnosis: str,
) -> Failure:
    """Return the record of a finding."""
    truth = None
    if finding.violation is None:
        try:
            truth = certified(finding.row)
        except NumericalError:
            truth = None
    agreement = finding.agreement
    return Failure(
        kind=finding.kind,
        instance=row_to_json(finding.row),
        got=_got(finding),
        low="" if truth is None else rational_below(truth.lo),
        high="" if truth is None else rational_above(truth.hi),
        direction=(agreement.direction if agreement is not None else None) or "",
        grade=agreement.grade if agreement is not None else "",
        lines=tuple(_lines(finding, declared)),
        diagnosis=diagnosis,
        snippet=snippet(finding, address, declared, parameters),
    )


def replay_line(address: str, options: Sequence[str], check: str, row: str, header: Header) -> str:
    """Return the command that judges the row again, or the whole check if the row is too long to paste."""
    words = ["drmg-check", "validate", address, *options, "--checks", check]
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


def _got(finding: Finding) -> str:
    if finding.violation is not None:
        return ", ".join(map(repr, finding.violation.values))
    if finding.answer.value is not None:
        return repr(finding.answer.value)
    return finding.answer.message


def _lines(finding: Finding, declared: Implementation) -> list[str]:
    row = finding.row
    lines = [f"p = {_vector(row.nominal)}   V = {_vector(row.values)}   rho = {number(row.radius)}"]
    if "ground" in (data := uncertainty_to_data(row.uncertainty)):
        lines.append(f"ground = {data['ground']}")
    if finding.violation is not None:
        relation, values = finding.violation.relation, finding.violation.values
        for one, value in zip(relation.rows, values, strict=True):
            lines.append(f"  got {value!r} for {_differences(one, row)}")
        return [*lines, f"law broken: {finding.message}"]
    if finding.agreement is not None:
        truth = finding.agreement.enclosure
        interval = number(truth.lo) if truth.lo == truth.hi else f"[{number(truth.lo)}, {number(truth.hi)}]"
        lines += [
            f"got {finding.answer.value!r}, certified {interval}",
            finding.message,
        ]
        if finding.agreement.direction is not None:
            lines.append(_SAFETY[finding.agreement.direction])
        if finding.agreement.grade in ("engineering", "weak"):
            bound = {"engineering": "1e-9", "weak": "1e-6"}[finding.agreement.grade]
            lines.append(
                f"right to {bound} of the span; it declares {show(declared.accuracy)}: if that is meant, "
                f"declare accuracy={bound}"
            )
        if "zero-pattern" in finding.agreement.flags:
            lines.append("this row is for implementations that keep zeros and tiny probabilities exactly")
        return lines
    return [*lines, f"{finding.kind}: {finding.message}"]


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
