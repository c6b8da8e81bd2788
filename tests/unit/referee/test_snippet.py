"""The stand-alone program shows a failure with NumPy alone, and agrees when there is none."""

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from drmg_check.kernels import worst_case_expectations
from drmg_check.referee.asking import InProcess, Subject, row_as_given
from drmg_check.referee.evidence import RowFault, Tally, row_program
from drmg_check.referee.levels import level_of, session_for
from drmg_check.referee.levels._row_judges import judge_value
from drmg_check.referee.levels._row_questions import simple_rows
from drmg_check.referee.levels._worst_case import row_request
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, set_family
from drmg_check.vocabulary import FloatArray
from drmg_properties import Budget

SETS = (
    "tv",
    "tv:nominal",
    "l1",
    "kl",
    "reverse-kl",
    "chi2",
    "hellinger",
    "cressie-read:3/2",
    "cressie-read:1/2",
    "contamination",
    "interval",
    "interval:nominal",
    *("weighted-l1:nominal", "weighted-interval", "l2", "l2:nominal", "ellipsoid", "bounds", "scenarios"),
    "wasserstein",
    "wasserstein:2",
)
HEAVY = ("drmg", "scipy", "numba", "flint", "cvxpy")


def kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    return float(worst_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])


def of(code: str, declared: Implementation, *parameters: str) -> Subject:
    return Subject(address=code, code=code, declared=declared, parameters=parameters)


def off_by(share: float, name: str) -> RowFault:
    """Judge the kernel plus a share of the span of V, on the first row where that is wrong."""

    def wrong(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
        return kernel(p, V, rho, uncertainty) + share * float(np.ptp(V))

    session = session_for(InProcess(wrong), Implementation(sets=(name,)))
    rows = [row for row in simple_rows(set_family(name)) if 0 < row.radius < 1 and len(row.values) > 2]
    return next(one for row in rows if (one := judge_value(session, row, Tally())) is not None)


@pytest.mark.parametrize("share", [0.01, -0.01])
@pytest.mark.parametrize("name", SETS)
def test_the_program_fails_on_the_wrong_value_and_on_no_right_one(
    monkeypatch: pytest.MonkeyPatch, name: str, share: float
):
    """Above the interval by a distribution of the ball, below it by weak duality, for every set."""
    finding = off_by(share, name)
    assert finding.agreement is not None
    declared = Implementation(sets=(name,))
    program = row_program(finding, of("impl:f", declared, "ground", "order", "alpha"), row_request)
    assert not any(word in program for word in HEAVY)
    value = finding.answer.value
    assert value is not None
    right = (finding.agreement.enclosure.lo + finding.agreement.enclosure.hi) / 2
    monkeypatch.setitem(sys.modules, "impl", SimpleNamespace(f=lambda *_, **__: value))
    with pytest.raises(AssertionError):
        exec(program, {})  # noqa: S102 - the program under test
    monkeypatch.setitem(sys.modules, "impl", SimpleNamespace(f=lambda *_, **__: float(right)))
    exec(program, {})  # noqa: S102


def test_the_program_runs_on_its_own(tmp_path: Path):
    finding = off_by(0.01, "kl")
    program = row_program(finding, of("impl:f", Implementation(sets=("kl",))), row_request)
    (tmp_path / "impl.py").write_text(f"def f(*_):\n    return {finding.answer.value!r}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "expectation under q:" in done.stdout
    assert done.stderr.splitlines()[-1] == "AssertionError"


def test_the_program_for_a_broken_law_shows_both_values():
    def leaky(p: FloatArray, V: FloatArray, rho: float) -> float:
        return float(p @ V) - rho * float(np.abs(V).max())

    declared = Implementation(sets=("tv",))
    session = session_for(InProcess(leaky), declared)
    checks = level_of("worst-case").checks(declared)
    check = next(each for each in checks if each.id == "tv/law/shift")
    finding, _ = check.run(session, Budget(max_examples=5, size=1, seed=0))
    assert finding is not None
    program = row_program(finding, of("impl:leaky", declared), row_request)
    assert "from impl import leaky as function" in program
    source = program.replace("from impl import leaky as function", "function = leaky")
    with pytest.raises(AssertionError):
        exec(source, {"leaky": leaky})  # noqa: S102 - the program under test


def test_conventions_appear_in_the_program():
    finding = off_by(0.01, "tv")
    declared = Implementation(
        sets=("tv",),
        quantity="cost",
        radius_factor=Fraction(2),
        radius_power=Fraction(1, 2),
        distribution=True,
    )
    program = row_program(finding, of("pkg/mod.py:Solver.solve", declared), row_request)
    assert "runpy.run_path('pkg/mod.py')['Solver']" in program
    assert "return -float(function(p.copy(), -V, 2.0 * rho ** 0.5)[0])" in program


def test_the_program_for_a_command_sends_the_same_line():
    program = row_program(
        off_by(0.01, "tv"), of("cmd: ./tv --fast", Implementation(sets=("tv",))), row_request
    )
    assert "harness = ['./tv', '--fast']" in program
    assert re.search(r'"cmd":"worst_case","seq":1,"set":\{"kind":"tv","support":"all"\}', program)


def test_rows_of_floats_are_their_own_rounding():
    for name in SETS:
        family = set_family(name)
        for row in simple_rows(family):
            assert row_as_given(row) == row
            assert bool(row.uncertainty.fixed_by) or row.uncertainty == family.make(1)
