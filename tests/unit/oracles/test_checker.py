"""The checker: independent of everything it judges, sound in its arithmetic, and hard to fool."""

import ast
import copy
import importlib.util
import json
import random
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from flint import arb, ctx, fmpq

from drmg_check.sets import (
    L1,
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
)
from drmg_oracles import certificate_to_json, checker, enclose
from drmg_oracles.checker import RefusedError, verify
from drmg_oracles.rows._certificate import text

F = Fraction
Json: TypeAlias = Any
LINE = Wasserstein(tuple(tuple(F(abs(s - t)) for t in range(4)) for s in range(4)), 2)
SETS = [
    TotalVariation(),
    TotalVariation("nominal"),
    L1(),
    KullbackLeibler(),
    ReverseKL(),
    ReverseKL("nominal"),
    ChiSquare(),
    Hellinger(),
    Hellinger("nominal"),
    CressieRead(F(-1)),
    CressieRead(F(1, 4)),
    CressieRead(F(5, 2)),
    Contamination(),
    Interval(),
    LINE,
]


def certificate(uncertainty: UncertaintySet, radius: str = "1/8") -> dict[str, Json]:
    """Return a certificate that proves a tilted worst case, as JSON."""
    row = Row.of(uncertainty, [0.0, 0.3, 0.5, 0.2], [0.25, 1.0, 0.5, 2.0], radius)
    return json.loads(json.dumps(certificate_to_json(enclose(row))))


def test_the_checker_imports_nothing_but_the_standard_library():
    """Otherwise a bug could be shared by the code that proves and the code that checks."""
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.split(".")[0] for module in imported} <= sys.stdlib_module_names | {"__future__"}


def test_the_checker_runs_as_a_file_of_its_own():
    """A stranger may copy the file; it needs no package around it."""
    spec = importlib.util.spec_from_file_location("copied_checker", checker.__file__)
    assert spec is not None
    assert spec.loader is not None
    copied = importlib.util.module_from_spec(spec)
    sys.modules["copied_checker"] = copied  # dataclasses look their module up
    try:
        spec.loader.exec_module(copied)
        data = certificate(KullbackLeibler())
        assert copied.verify(data) == verify(data)
    finally:
        del sys.modules["copied_checker"]


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
@pytest.mark.parametrize("radius", ["0", "1/1000000", "1/8", "1"])
def test_a_claim_stronger_by_2_to_the_minus_80_is_refused(uncertainty: UncertaintySet, radius: str):
    """The claims carry slack of about 2^-110 span, so raising lo or lowering hi by 2^-80 span is false."""
    data = certificate(uncertainty, radius)
    span = max(F(x) for x in data["row"]["values"]) - min(F(x) for x in data["row"]["values"])
    verify(data)
    for end, sign in (("lo", 1), ("hi", -1)):
        claim = checker.number(data[end]) + sign * span / 2**80
        with pytest.raises(RefusedError):
            verify(data | {end: text(claim)})


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_another_row_is_refused(uncertainty: UncertaintySet):
    """Proofs do not carry over to a smaller radius, nor to values shifted in one state."""
    data = certificate(uncertainty)
    smaller = data | {"row": data["row"] | {"radius": "1/9"}}
    with pytest.raises(RefusedError):
        verify(smaller)
    values = list(data["row"]["values"])
    values[2] = "51/100"
    with pytest.raises(RefusedError):
        verify(data | {"row": data["row"] | {"values": values}})


def test_other_conventions_are_refused():
    """Half the L1 distance is not L1, KL is not its reverse, and the support rule is part of the set."""
    data = certificate(TotalVariation())
    for other in ({"kind": "l1", "support": "all"}, {"kind": "tv", "support": "nominal"}, {"kind": "kl"}):
        with pytest.raises(RefusedError):
            verify(data | {"row": data["row"] | {"uncertainty": other}})
    data = certificate(KullbackLeibler())
    for kind in ("reverse-kl", "chi2", "hellinger", "tv"):
        with pytest.raises(RefusedError):
            verify(data | {"row": data["row"] | {"uncertainty": {"kind": kind, "support": "nominal"}}})


def leaves(node: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every leaf of a JSON object."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from leaves(child, (*path, key))
    if not isinstance(node, dict | list):
        yield path


def replaced(data: dict[str, Json], path: tuple[str | int, ...], value: Json) -> dict[str, Json]:
    """Return a copy with another value at the path."""
    result: Json = copy.deepcopy(data)
    node = result
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return result


HOSTILE: list[Json] = [
    None, True, 0, -1, 1.5, float("nan"), float("inf"), [], {}, [[]], "", "NaN", "nan", "inf", "-1", "1/0",
    "0/0", "1e999999999", "1e-99999", "9" * 5000, "1/" + "9" * 4000, "0x", "0x1p999999", "0x1p99999999", "٣",
    "1_000", " 1", "1e9999", "-1e-9999", "__import__('os')", "kl", "wasserstein", "dual", "minimum", "mean",
]  # fmt: skip


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_hostile_fields_are_refused_with_one_exception(uncertainty: UncertaintySet):
    """Whatever stands in whatever field: the true claim remains proved, or RefusedError."""
    data = certificate(uncertainty)
    lo, hi = verify(data)
    random_state = random.Random(7)  # noqa: S311 - reproducible, not secret
    for path in leaves(data):
        for value in random_state.sample(HOSTILE, 8):
            try:
                proved = verify(replaced(data, path, value))
            except RefusedError:
                continue
            if path[0] != "row":
                assert proved[0] <= hi
                assert proved[1] >= lo


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_missing_fields_are_refused(uncertainty: UncertaintySet):
    """Every field that the proof needs is needed."""
    data = certificate(uncertainty)
    for field in ("format", "version", "row", "lo", "hi", "distribution", "bound"):
        with pytest.raises(RefusedError, match="malformed"):
            verify({key: value for key, value in data.items() if key != field})
    for field in ("uncertainty", "nominal", "values", "radius"):
        row = {key: value for key, value in data["row"].items() if key != field}
        with pytest.raises(RefusedError, match="malformed"):
            verify(data | {"row": row})


@pytest.mark.parametrize(
    "data", [None, [], "kl", 3, {}, {"format": "drmg-certificate", "version": 2}], ids=str
)
def test_no_certificate_at_all_is_refused(data: Json):
    """Neither AttributeError nor TypeError escapes."""
    with pytest.raises(RefusedError):
        verify(data)


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_perturbed_proofs_prove_nothing_false(uncertainty: UncertaintySet):
    """A proof with a number changed by up to a half is refused, or still proves the true interval."""
    data = certificate(uncertainty)
    lo, hi = verify(data)
    random_state = random.Random(11)  # noqa: S311 - reproducible, not secret
    for path in leaves(data):
        if path[0] in ("distribution", "bound", "plan", "lo", "hi") and path[-1] != "kind":
            old = F(0) if path[0] == "plan" and path[-1] != 2 else checker.number(_at(data, path))
            new = text(old * (1 + F(random_state.random() - 0.5)))
            try:
                proved = verify(replaced(data, path, new))
            except RefusedError:
                continue
            assert proved[0] <= hi
            assert proved[1] >= lo


def _at(data: Json, path: tuple[str | int, ...]) -> Json:
    for key in path:
        data = data[key]
    return data


def ball(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


ARGUMENTS = [
    F(1), F(2), F(1, 3), 1 + F(1, 10**50), 1 - F(1, 10**59), 1 + F(1, 10**200), F(1, 10**300), F(10**300),
    F(5, 7), F(2**60 + 1, 2**60), F(2) ** -1074,
]  # fmt: skip


@pytest.mark.parametrize("x", ARGUMENTS, ids=lambda x: f"{float(x):.17g}")
def test_the_intervals_contain_what_flint_computes(x: Fraction):
    """exp, log and powers at 60 and 240 digits enclose balls of 3,000 bits, and are narrow."""
    functions: list[tuple[Callable[..., Any], Callable[[], Any]]] = [
        (checker._log, lambda: ball(x).log()),
        (checker._exp, lambda: ball(x).exp()),
        (lambda y, context: checker._exp(-y, context), lambda: (-ball(x)).exp()),
        (lambda y, context: checker._power(y, F(3, 7), context), lambda: ball(x) ** fmpq(3, 7)),
        (lambda y, context: checker._power(y, F(-5, 3), context), lambda: ball(x) ** fmpq(-5, 3)),
    ]
    for context in (checker._PRECISIONS[0], checker._PRECISIONS[2]):
        for enclose_, truth in functions:
            try:
                enclosed = enclose_(x, context)
            except ArithmeticError:
                assert x == 10**300  # exp overflows: refused, not wrong
                continue
            with ctx.workprec(3000):
                exact = truth()
                assert ball(enclosed.lo) <= exact.upper(), (x, context.prec)
                assert exact.lower() <= ball(enclosed.hi), (x, context.prec)
                size = max(abs(enclosed.lo), abs(enclosed.hi), F(1))
                assert enclosed.hi - enclosed.lo <= size * F(1, 10 ** (context.prec - 6))


def test_rational_powers_are_exact_where_they_are_rational():
    """(4/9)^(3/2) = 8/27, so that a point on a sphere counts as inside."""
    context = checker._PRECISIONS[0]
    for x, e, y in ((F(4, 9), F(3, 2), F(8, 27)), (F(8), F(-2, 3), F(1, 4)), (F(0), F(1, 3), F(0))):
        assert checker._power(x, e, context) == checker.Interval(y, y)


def test_numbers_have_the_meaning_of_the_vocabulary():
    """Ratio, decimal and hex float; hex floats are exact beyond 53 bits."""
    assert checker.number("-1/3") == F(-1, 3)
    assert checker.number("1.5e-3") == F(3, 2000)
    assert checker.number("0x1.8p-1") == F(3, 4)
    assert checker.number("-0x1.00000000000001p0") == -(1 + F(1, 2**56))


@pytest.mark.parametrize("uncertainty", SETS, ids=str)
def test_no_distribution_in_the_ball_is_below_any_dual_bound(uncertainty: UncertaintySet):
    """Weak duality, sampled: the bounds of the checker's table hold at dual points far from the optimum."""
    draw = random.Random(23)  # noqa: S311 - reproducible, not secret
    data = certificate(uncertainty)["row"]
    context = checker._PRECISIONS[0]
    tested = 0
    for _ in range(12):
        radius = text(F(draw.randrange(1, 40), 40))
        row = checker._read_row(
            data | {"radius": radius, "values": [str(draw.randrange(9)) for _ in range(4)]}
        )
        q = [F(draw.randrange(1, 9)) if usable else F(0) for usable in row.usable]
        q = [x / sum(q) for x in q]
        for share in (F(1), F(1, 2), F(1, 8), F(1, 64)):  # from q towards p until it is in the ball
            mixed = [share * x + (1 - share) * m for x, m in zip(q, row.p, strict=True)]
            if isinstance(uncertainty, Wasserstein):
                spent = share * sum(
                    m * x * row.cost[i][j] for i, m in enumerate(row.p) for j, x in enumerate(q)
                )
                feasible = spent <= row.budget
            else:
                feasible = checker._room(row, mixed, context).lo >= 0
            if not feasible:
                continue
            value = checker._dot(mixed, row.V)
            for at in (F(1, 100), F(1), F(7, 2), F(50)):
                try:
                    bound = checker._dual(row, at, mixed, context)
                except RefusedError:  # the ball is the simplex, which has no tilt
                    continue
                tested += 1
                assert bound.lo <= value
    assert tested > 20
