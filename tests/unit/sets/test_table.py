"""The table set x operation is complete, and what it says is so: by every operation, for every set.

A set that nobody has taught a room anything gets the same sentence from all of them.
"""

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis.strategies import SearchStrategy

import drmg_check
from drmg_check.cli._set_table import ROOMS
from drmg_check.enclosures._rows import enclosing
from drmg_check.kernels import worst_case_distributions, worst_case_expectations, worst_case_states
from drmg_check.kernels._states import state_kernels
from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.referee.diagnosis._rows import catalogue
from drmg_check.sets import (
    UNCERTAINTY_SETS,
    ByRow,
    FictitiousTotalVariation,
    Row,
    Shareable,
    SRectangular,
    StateProblem,
    UncertaintySet,
    example_row,
    examples,
    operations,
    set_table,
)
from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import dual, enclose, evaluate_by_program, primal, saturation_radius, worst_case_exact
from drmg_oracles.games import vertex_kernels
from drmg_oracles.rows._certificate import checked
from drmg_oracles.rows._conjugates import conjugate
from drmg_oracles.rows._dual import curve
from drmg_oracles.rows._integers import integer_row, integer_values, worst_case_in_integers
from drmg_oracles.rows._lagrangian import lagrangian_bound, pull_into_ball
from drmg_oracles.states._certificate import enclosed_state
from drmg_properties.laws import LAWS, check_worst_distribution
from drmg_properties.strategies._rows import drawing

ROOT = Path(drmg_check.__file__).parents[1]
NAMED_LAWS = {law.id: law for law in LAWS}


@dataclass(frozen=True, slots=True)
class Untaught(UncertaintySet):
    """A set of which no room knows anything."""

    kind: ClassVar[str] = "untaught"

    @property
    def leaves_support(self) -> bool:
        return True


def floats(row: Row) -> tuple[Any, ...]:
    p, V = (np.array([float(x) for x in numbers]) for numbers in (row.probabilities, row.values))
    return row.uncertainty, p[None, :], np.array([float(row.radius)]), V


def in_integers(row: Row) -> Fraction:
    weights = integer_row(np.arange(len(row.nominal)), np.array(row.nominal, dtype=object))
    return worst_case_in_integers(row.uncertainty, weights, integer_values(row.values), row.radius)


def by_program(row: Row) -> float:
    """Return the value of a game of two steps, the first of which is the row, the second pays its values."""
    S = len(row.values)
    P, r = (np.full(shape, Fraction(0), dtype=object) for shape in ((2, S, 1, S), (1, 2, S, 1)))
    P[0, :, 0], P[1, :, 0, 0], r[0, 1, :, 0] = row.nominal, Fraction(1), row.values
    radius = np.array([row.radius, 0]).reshape(1, 2, 1, 1)
    game = RobustMarkovGame(transition=P, reward=r, radius=radius, uncertainty=row.uncertainty, actions=(1,))
    return float(evaluate_by_program(game, uniform_policy(game), 0)[0, 0])


def alone(row: Row) -> StateProblem:
    """Return the state of which the row is the only action: its set is the ball by itself."""
    return StateProblem.of(SRectangular(row.uncertainty), [row.nominal], [row.values], row.radius)


def in_a_state(row: Row) -> Fraction:
    problem = alone(row) if isinstance(row.uncertainty, Shareable) else None
    return enclosed_state(row.uncertainty, problem, 110).lo


def by_state_kernel(row: Row) -> float:
    if not isinstance(row.uncertainty, Shareable):
        state_kernels(row.uncertainty, None, slice(1), None, None)
    uncertainty, P, rho, V = floats(row)
    return worst_case_states(SRectangular(uncertainty), P[None], np.zeros((1, 1)), rho, V)[0][0]


def tells(name: str) -> Callable[[Row], bool]:
    return lambda row: all(len(relation.rows) >= 1 for relation in NAMED_LAWS[name].relations(row))


def worst_is_accepted(row: Row) -> bool:
    if row.uncertainty == Untaught():
        return check_worst_distribution([0, 1, 0], 0.0, row) is None
    q = worst_case_distributions(*floats(row))[0]
    return check_worst_distribution(q.tolist(), float(enclose(row).lo), row) is None


# What a user calls, for each operation; where it returns the worst case, that is compared.
VALUES: dict[str, Callable[[Row], Any]] = {
    "kernel": lambda row: worst_case_expectations(*floats(row))[0],
    "enclosure": lambda row: enclose(row).lo,
    "exact worst case": worst_case_exact,
    "primal": lambda row: primal(row).value,
    "state enclosure": in_a_state,
    "state kernel": by_state_kernel,
    "dual": lambda row: dual(row, 20).value,
    "integers": in_integers,
    "linear program": by_program,
}
CALLS: dict[str, Callable[[Row], Any]] = {
    **VALUES,
    "checker": lambda row: checked(row.uncertainty, None if row.uncertainty == Untaught() else enclose(row)),
    "conjugate": lambda row: conjugate(row.uncertainty),
    "diagnosis": lambda row: catalogue(row.uncertainty),
    "distribution": worst_is_accepted,
    "dual curve": lambda row: curve(row.uncertainty, row.radius, [(1, 0)]),
    "inclusions": tells("inclusion"),
    "enclosing kernel": lambda row: enclosing(row.uncertainty.canonical(row.radius)[0]),
    "Lagrangian bound": lambda row: lagrangian_bound(row, Fraction(1)),
    "mixing adversary": tells("mixing-adversary"),
    "nearest member": lambda row: pull_into_ball(row, [Fraction(0), Fraction(1), Fraction(0)]),
    "saturation radius": saturation_radius,
    "strategy": lambda row: drawing(row.uncertainty, 3),
    "vertices": vertex_kernels,
}
LACKING = {(entry.operation, entry.kind) for entry in set_table() if not entry.has}
ROWS = [example_row(uncertainty) for uncertainty in examples()]


@pytest.fixture
def untaught(monkeypatch: pytest.MonkeyPatch) -> Iterator[Row]:
    monkeypatch.setitem(UNCERTAINTY_SETS, "untaught", Untaught)
    yield example_row(Untaught())
    catalogue.cache_clear()


def test_every_set_has_every_operation_or_says_why_not():
    assert [entry for entry in set_table() if entry.missing] == []


def test_no_set_gives_a_reason_for_what_it_has_or_for_what_nobody_asks():
    for cls in UNCERTAINTY_SETS.values():
        needless = {name for name in cls.without if operations()[name].has(cls)}
        assert needless == set(), f"{cls.kind} has {needless} after all: take the reason out of its file"


def test_the_rooms_that_the_command_imports_declare_every_operation():
    """An operation is a call of ``operation`` with its name; none is hidden in a room that nobody imports."""
    declared = {}
    for folder in (
        "drmg_check",
        "oracles/drmg_oracles",
        "properties/drmg_properties",
        "reports/drmg_reports",
    ):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "operation":
                    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                    declared[ast.literal_eval(node.args[0])] = module.partition("drmg_")[1:]
    assert declared.keys() == operations().keys() == CALLS.keys()
    for name, (_, rest) in declared.items():
        assert operations()[name].room == f"drmg_{rest}"
        assert any(f"drmg_{rest}".startswith(room) for room in ROOMS), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row.uncertainty))
def test_what_the_table_says_is_there_answers_and_the_rest_says_so(row: Row):
    """Where the answer is the worst case, all agree on it within what the least accurate of them says."""
    truth = enclose(row)
    for name, call in CALLS.items():
        if (name, row.uncertainty.kind) in LACKING:
            with pytest.raises(UnsupportedError, match=f"{row.uncertainty.kind} has no {name}"):
                call(row)
        elif name in VALUES:
            assert abs(float(call(row)) - float(truth.lo)) < 1e-6
        else:
            assert call(row) is not False


def test_a_set_that_no_room_knows_gets_one_sentence_from_each(untaught: Row):
    for name, call in CALLS.items():
        if name == "strategy":  # a set without parameters is drawn as it is
            assert isinstance(call(untaught), SearchStrategy)
            continue
        with pytest.raises(UnsupportedError) as refusal:
            call(untaught)
        assert str(refusal.value) == f"untaught has no {name}; `drmg-check doctor --sets` lists what there is"


def test_it_is_missing_in_the_table(untaught: Row):
    missing = {entry.operation for entry in set_table() if entry.missing}
    about_all = {name for name, each in operations().items() if each.of is UncertaintySet}
    assert missing == about_all - {"strategy"}


def test_every_set_says_in_numpy_what_it_is():
    for cls in UNCERTAINTY_SETS.values():
        assert {"q"} <= set(cls.distance_in_numpy) or "plan" in cls.distance_in_numpy
        assert "V" in cls.dual_in_numpy or "W" in cls.dual_in_numpy


@pytest.mark.parametrize(
    ("package", "name", "further"),
    [
        (
            "drmg_check.readers",
            "game.schema.json",
            {FictitiousTotalVariation.kind, ByRow.kind, SRectangular.kind},
        ),
        ("drmg_oracles", "schemas/certificate.schema.json", set()),
    ],
)
def test_the_schemas_know_the_kinds_of_the_table(package: str, name: str, further: set[str]):
    schema = json.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    kinds = set()
    for form in schema["$defs"]["uncertainty"]["oneOf"]:
        kind = form.get("properties", {}).get("kind", {})
        kinds |= {*kind.get("enum", []), *([kind["const"]] if "const" in kind else [])}
    assert kinds == {*UNCERTAINTY_SETS, *further}
