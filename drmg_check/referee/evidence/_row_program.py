"""A stand-alone Python program that shows a failure with NumPy alone: nothing of drmg-check is needed.

But for one: a function with a parameter named ``uncertainty`` is called with a set of drmg-check's.

It calls the implementation and compares its value with a bound that one line of arithmetic proves: above,
the expectation under a distribution that lies in the ball; below, the dual bound of the set at one point.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from shlex import split
from typing import TypeAlias

from drmg_check.referee.asking import Subject, tolerance_of
from drmg_check.referee.evidence._faults import RowFault
from drmg_check.sets import Row, UncertaintySet, leaves_support, uncertainty_to_data
from drmg_check.targets import START, Implementation, Request, write_request
from drmg_check.words import FailureKind
from drmg_oracles import Enclosure
from drmg_properties.laws import Tolerance, allowance

_BECAUSE = {
    "dual": "weak duality: no distribution in the ball has a smaller expectation",
    "mean": "at radius 0 the ball is p alone",
    "minimum": "no distribution that the set admits has a smaller expectation",
}


Ask: TypeAlias = Callable[[Implementation, Row], Request]


def row_program(fault: RowFault, subject: Subject, ask: Ask) -> str:
    """Return the program; it ends with an AssertionError as long as the fault is there."""
    declared = subject.declared
    tolerance = tolerance_of(declared)
    further = _further(subject, fault.question)
    needed = [SETS_IMPORT] if "uncertainty" in further else []
    head = ["import numpy as np", *needed, "", *_import(subject, fault.question, ask), ""]
    if fault.violation is not None:
        return "\n".join([*head, *_law(fault, subject, tolerance)]) + "\n"
    given = ", ".join(["p", "V", "rho", *further.values()])
    lines = [*_numbers(subject, fault.question), f"value = solve({given})", 'print("value returned:", value)']
    if fault.agreement is not None:
        lines += _bound(fault.question, fault.agreement.enclosure, fault, tolerance)
    else:
        lines += [f"assert False, {fault.message!r}  # what happened; run it to see whether it still does"]
        if fault.kind in (
            FailureKind.NOT_A_NUMBER,
            FailureKind.EXCEPTION,
            FailureKind.HANG,
            FailureKind.CRASH,
            FailureKind.WRONG_DECLARATION,
        ):
            lines[-1] = 'assert np.isfinite(value), "expected a finite number"'
    return "\n".join([*head, *lines]) + "\n"


def import_lines(address: str) -> list[str]:
    """Return the lines that import a Python target as ``function``."""
    place, _, name = address.rpartition(":")
    outer, _, attribute = name.partition(".")
    if address.startswith("cmd:") or not place or "<" in name:  # <locals> and <lambda> have no name to import
        return [f"function = ...  # {address}"]
    if place.endswith(".py"):
        load = ["import runpy", f"function = runpy.run_path({place!r})[{outer!r}]"]
    else:
        load = [f"from {place} import {outer} as function"]
    return [*load, f"function = function.{attribute}"] if attribute else load


def _import(subject: Subject, row: Row, ask: Ask) -> list[str]:
    declared = subject.declared
    if subject.code.startswith("cmd:"):
        return _harness(subject, row, ask)
    load = import_lines(subject.code)
    sign = "-" if declared.quantity == "cost" else ""
    radius = "rho"
    if declared.radius_power != 1:
        radius = f"rho ** {float(declared.radius_power)!r}"
    if declared.radius_factor != 1:
        radius = f"{float(declared.radius_factor)!r} * {radius}"
    further = _further(subject, row)
    taken = ", ".join(["p", "V", "rho", *further])
    extras = "".join(f", {name}={name}" for name in further)
    index = "[0]" if declared.distribution else ""
    return [
        *load,
        "",
        "",
        f"def solve({taken}):",
        f"    return {sign}float(function(p.copy(), {sign}V, {radius}{extras}){index})",
        "",
    ]


SETS_IMPORT = "from drmg_check.sets import uncertainty_from_data  # the function takes one of its sets"


def sets_text(balls: UncertaintySet | tuple[UncertaintySet, ...]) -> str:
    """Return an expression for what a parameter named ``uncertainty`` is filled in with.

    >>> from drmg_check.sets import TotalVariation
    >>> sets_text(TotalVariation())
    "uncertainty_from_data({'kind': 'tv', 'support': 'all'})"
    """
    if isinstance(balls, tuple):
        return f"({', '.join(map(sets_text, balls))},)"
    return f"uncertainty_from_data({uncertainty_to_data(balls)!r})"


def _further(subject: Subject, row: Row) -> dict[str, str]:
    """Return the names of the further parameters that the function has, and those of their values here."""
    known = [] if subject.code.startswith("cmd:") else ["uncertainty", *_parameters(row)]
    return {name: _IN_PROGRAMS.get(name, name) for name in subject.parameters if name in known}


def _harness(subject: Subject, row: Row, ask: Ask) -> list[str]:
    template = write_request(1, ask(subject.declared, row)).decode()
    before, _, rest = template.partition('"S":')
    after = rest[rest.index(',"distribution"') :].rstrip()
    return [
        "import json",
        "import subprocess",
        "",
        "",
        "def solve(p, V, rho):",
        '    row = json.dumps({"S": len(p), "p": p.tolist(), "V": V.tolist(), "rho": rho},'
        ' separators=(",", ":"))[1:-1]',
        f"    lines = {START.decode()!r} + {before!r} + row + {after + chr(10)!r}",
        f"    harness = {split(subject.code.removeprefix('cmd:'))!r}",
        "    done = subprocess.run(harness, input=lines, capture_output=True, text=True, timeout=60)",
        "    print(done.stdout, done.stderr)",
        '    return float(json.loads(done.stdout.splitlines()[1])["value"])',
        "",
    ]


def _numbers(subject: Subject, row: Row) -> list[str]:
    lines = [
        f"p = np.array({_floats(row.nominal)})",
        f"V = np.array({_floats(row.values)})",
        f"rho = {float(row.radius)!r}",
    ]
    for name, text in _parameters(row).items():
        lines.append(f"{_IN_PROGRAMS.get(name, name)} = {text}")
    if "uncertainty" in _further(subject, row):
        lines.append(f"uncertainty = {sets_text(row.uncertainty)}")
    return lines


_IN_PROGRAMS = {"alpha": "a"}  # as the sets' expressions in NumPy call it


def _parameters(row: Row) -> dict[str, str]:
    """Return the parameters of the set that are numbers, as expressions."""
    data = uncertainty_to_data(row.uncertainty, number=float)
    return {
        name: f"np.array({value!r})" if isinstance(value, list) else repr(value)
        for name, value in data.items()
        if name not in ("kind", "support")
    }


def _bound(row: Row, truth: Enclosure, fault: RowFault, tolerance: Tolerance) -> list[str]:
    value = Fraction(fault.answer.value or 0.0)
    slack = f"{_above(allowance(row, float(value), tolerance))}  # more than is forgiven"
    kind, certificate = row.uncertainty.kind, truth.certificate
    if value > truth.hi:
        lines = [f"q = np.array({_floats(truth.worst_distribution)})  # a distribution in the ball"]
        if certificate.plan:
            lines.append("plan = np.zeros((len(p), len(p)))  # how q arises from p")
            lines += [f"plan[{s}, {t}] = {float(mass)!r}" for s, t, mass in certificate.plan]
        return [
            *lines,
            f'print("its distance from p:", {row.uncertainty.distance_in_numpy}, " the radius:", rho)',
            'print("expectation under q:", V @ q)',
            f"assert value <= V @ q + {slack}",
        ]
    if certificate.bound == "mean":
        bound = "V @ p"
    elif certificate.bound == "minimum":
        bound = "v"
    else:
        bound = row.uncertainty.dual_in_numpy
    confined = "" if _leaves(row) else "[p > 0]"
    lines = [f"v = V{confined}.min()", "W = V - v"]
    if certificate.at is not None:
        lines.append(f"x = {float(certificate.at)!r}")
    width = {"interval": "rho", "weighted-interval": "rho / weights"}.get(kind)
    if width is not None:
        lines.append(f"upper = np.minimum(p + {width}, 1)" + ("" if _leaves(row) else " * (p > 0)"))
    if "kept" in bound:
        lines.append("kept = " + ("p >= 0" if _leaves(row) else "p > 0") + "  # where the adversary may go")
    if "q > 0" in bound:
        lines.append(f"q = np.array({_floats(truth.worst_distribution)})")
    if "W" in bound:
        lines.append("p, W = p[p > 0], W[p > 0]")
    return [
        *lines,
        f"bound = {bound}  # {_BECAUSE[certificate.bound]}",
        'print("lower bound:", bound)',
        f"assert value >= bound - {slack}",
    ]


def _leaves(row: Row) -> bool:
    return leaves_support(row.uncertainty)


def _law(fault: RowFault, subject: Subject, tolerance: Tolerance) -> list[str]:
    violation = fault.violation
    assert violation is not None
    relation = violation.relation
    lines, terms = [], []
    for k, (row, c) in enumerate(zip(relation.rows, relation.coefficients, strict=True)):
        texts = {"uncertainty": sets_text(row.uncertainty), **_parameters(row)}
        given = [f"np.array({_floats(row.nominal)})", f"np.array({_floats(row.values)})"]
        given.append(repr(float(row.radius)))
        given += [texts.get(name, "None") for name in _further(subject, fault.question)]
        lines.append(f"value_{k} = solve({', '.join(given)})")
        terms.append(f"{float(c)!r} * value_{k}")
    allowed = sum(
        (
            abs(c) * allowance(row, v, tolerance)
            for row, c, v in zip(relation.rows, relation.coefficients, violation.values, strict=True)
        ),
        Fraction(0),
    )
    left = " + ".join([*terms, repr(float(relation.constant))])
    names = ", ".join(f"value_{k}" for k in range(len(relation.rows)))
    size = "abs(left) <= " if relation.equality else "left >= -"
    return [
        f"# {relation.words}",
        *lines,
        f"print({names})",
        f"left = {left}",
        f'print("should be {"0" if relation.equality else "at least 0"}:", left)',
        f"assert {size}{_above(allowed)}  # more than is forgiven",
    ]


def _above(x: Fraction) -> str:
    """Write a bound with two digits, rounded up."""
    return f"{float(x) * 1.1:.1e}"


def _floats(values: tuple[Fraction, ...]) -> str:
    return repr([float(x) for x in values])
