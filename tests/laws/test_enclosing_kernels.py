"""Enclosing kernels contain the worst case on every row, and would not if their error terms were smaller.

CI asks a sample; ``HYPOTHESIS_PROFILE=deep`` asks a million hard rows a set, ``ENCLOSED_ROWS=N`` so many.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

import numpy as np
import pytest

import drmg_check.enclosures
from benchmarks.hill_climb import named_set
from drmg_check.enclosures import _outward, enclosed_expectations, entries_of, radii_between
from drmg_check.enclosures._rows import WIDEST
from drmg_check.models import DenseRows, SparseRows
from drmg_check.sets import UncertaintySet
from drmg_check.sets._operation import _OPERATIONS
from drmg_check.vocabulary import InputError, NumericalError
from tests.laws.hard_rows import bounds_of, family_rows, hard_rows, is_missed, placed

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
ROWS = int(os.environ.get("ENCLOSED_ROWS", 10**6 if DEEP else 400))
TILTED = (
    "hellinger",
    "hellinger:nominal",
    "reverse-kl",
    "cressie-read:-1",
    "cressie-read:1/3",
    "cressie-read:3/2:nominal",
    "cressie-read:5",
)
SETS = ("tv", "tv:nominal", "l1", "contamination", "interval", "interval:nominal", "chi2", "kl")
SETS += (*TILTED, "wasserstein:1", "wasserstein:2")


NARROW = {"cressie-read:5": WIDEST}
"""For a > 2 the weights of the worst distribution are roots of what doubles resolve."""


def of_states(name: str, states: int) -> UncertaintySet:
    return placed(named_set(name), Random(name), states)  # noqa: S311 - the same set for everybody


def misses(enclosures: ModuleType, uncertainty: UncertaintySet, seed: str, count: int) -> int:
    rows = [*family_rows(uncertainty, seed), *hard_rows(uncertainty, seed, count)]
    bounds = [(row, bounds_of(enclosures, row)) for row in rows]
    return sum(is_missed(row, *known) for row, known in bounds if known is not None)


@pytest.mark.parametrize("name", SETS)
def test_no_row_is_missed(name: str):
    """Adversarial families, and rows of 280 decades, near ties, offsets, radii a bit beside a threshold."""
    assert misses(drmg_check.enclosures, named_set(name), "contained", ROWS) == 0


ERRORS = (r"^U = 2\.0\*\*-53$", "U = {scale} * 2.0**-53")
CAPPED = ("tv", "l1", "interval:nominal")
MOVED = ("wasserstein:1", "wasserstein:2")
LAST_RANK = "1.0 * (least.shape[1] - 1)"
SEARCHES: dict[str, tuple[tuple[tuple[str, ...], str, str], ...]] = {
    "too low": (
        (CAPPED, r"cap = cap_of\(", "cap = 0.7 * cap_of("),
        (("interval",), r"store\(index, 0, high\)", "store(index, 0, maximum(high - 1.0, 0.0))"),
        (("chi2",), r"eta = _threshold\(", "eta = 1.3 * _threshold("),
        (("kl",), r"s = _start\((.*)\)$", r"s = 3.0 * _start(\1)"),
        (TILTED, r"s = first_tilt\((.*)\)$", r"s = 5.0 * first_tilt(\1)"),
        (MOVED, r"at = slopes\[low\]", "at = 1.5 * slopes[low]"),
    ),
    "too high": (
        (CAPPED, r"cap = cap_of\(", "cap = 1.4 * cap_of("),
        (("interval",), r"store\(index, 0, high\)", f"store(index, 0, minimum(high + 1.0, {LAST_RANK}))"),
        (("kl",), r"return s \+ s \* growth", "return 7.0 * s"),
        (TILTED, r"wanted / power, -7.0", "0.0 - wanted / power, -7.0"),
        (MOVED, r"at = slopes\[low\]", "at = 0.6 * slopes[low]"),
    ),
    "lost": (
        (TILTED, r"h, target, high, minimum\(high, s\)", "target, h, high, minimum(high, s)"),
        (
            MOVED,
            r"^    first = np.searchsorted\((.*)\)(.*)$",
            r"    first = np.searchsorted(\1)\2\n    first[1:-1] = np.minimum(first[1:-1] + 1, first[-1])",
        ),
    ),
}
"""What finds where the worst case is about, made wrong: nothing may rest on it."""


def copied(folder: Path, package: str, *changes: tuple[str, str]) -> ModuleType:
    """Return the room with its text changed, as a package of another name."""
    source = Path(drmg_check.enclosures.__file__).parent
    shutil.copytree(source, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    renamed = (
        (r"drmg_check\.enclosures", package),
        (r"Path\(__file__\)\.parents\[1\]", "Path(__file__).parent"),
        ('"enclosing kernel"', f'"enclosing kernel of {package}"'),
    )
    changed = set()
    for path in (folder / package).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for wanted, instead in (*renamed, *changes):
            text, count = re.subn(wanted, instead, text, flags=re.MULTILINE)
            changed |= {wanted} if count else set()
        path.write_text(text, encoding="utf-8")
    assert changed >= {wanted for wanted, _ in changes}
    return import_module(package)


@pytest.fixture
def impostor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make an impostor of the room, and forget it and its operation afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    package = f"impostor_{tmp_path.name}"

    def make(*changes: tuple[str, str]) -> ModuleType:
        return copied(tmp_path, package, *changes)

    yield make
    for module in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[module]
    _OPERATIONS.pop(f"enclosing kernel of {package}", None)


@pytest.mark.parametrize("scale", [0.0, 0.05, 0.2] if DEEP else [0.0, 0.05])
def test_smaller_error_terms_are_caught(scale: float, impostor: Callable[..., ModuleType]):
    wanted, instead = ERRORS
    made = impostor((wanted, instead.format(scale=scale)), (r"^    check_arithmetic\(\)$", "    pass"))
    count = 10**4 if DEEP else 250
    caught = {name: misses(made, named_set(name), "contained", count) for name in SETS}
    assert {name for name, n in caught.items() if n == 0} == set(), caught


@pytest.mark.parametrize("wrong", SEARCHES)
def test_a_wrong_search_makes_bounds_wide_and_never_wrong(wrong: str, impostor: Callable[..., ModuleType]):
    changes = [(wanted, instead) for _, wanted, instead in SEARCHES[wrong]]
    made = impostor(*changes, (r"^WIDEST = .*$", "WIDEST = math.inf"))
    names = [name for sets, _, _ in SEARCHES[wrong] for name in sets]
    assert {name: misses(made, named_set(name), "contained", 200) for name in names} == dict.fromkeys(
        names, 0
    )


def test_rows_of_a_block_do_not_touch_each_other():
    """Nineteen rows of one to six states in one sweep: either form gives the same bits, a row alone agrees.

    Error terms grow with the longest row of a block, so that a row alone may come out narrower.
    """
    chance = np.random.default_rng(5)
    P = np.zeros((19, 6))
    for row in P:
        states = chance.permutation(6)[: chance.integers(1, 7)]
        row[states] = chance.dirichlet(np.ones(len(states)))
    P /= P.sum(axis=1, keepdims=True)
    rho, V = chance.uniform(0, 1, 19), chance.normal(size=6)
    dense = DenseRows(P[:, None])
    indptr = np.concatenate([[0], np.cumsum((P > 0).sum(axis=1))])
    sparse = SparseRows(indptr=indptr, indices=np.nonzero(P)[1], weights=P[P > 0], shape=(19, 1, 6))
    for name in SETS:
        ball = of_states(name, 6)
        together = enclosed_expectations(ball, entries_of(dense), radii_between(rho), V)
        same = enclosed_expectations(ball, entries_of(sparse), radii_between(rho), V)
        assert [x.tolist() for x in together] == [x.tolist() for x in same]
        for k in range(19):
            single, its_radius = entries_of(DenseRows(P[k : k + 1, None])), radii_between(rho[k : k + 1])
            alone = enclosed_expectations(ball, single, its_radius, V)
            lo, hi = max(together[0][k], alone[0][0]), min(together[1][k], alone[1][0])
            assert together[0][k] - 1e-13 <= alone[0][0] <= lo <= hi <= alone[1][0] <= together[1][k] + 1e-13


@pytest.mark.parametrize("name", SETS)
def test_ordinary_rows_come_out_narrow(name: str):
    """Within 1e-13 of the span, without the exact layer."""
    chance = np.random.default_rng(6)
    P = chance.dirichlet(np.ones(5), size=400)
    P /= P.sum(axis=1, keepdims=True)
    V = chance.normal(size=5)
    radii = radii_between(chance.uniform(0.01, 0.3, 400))
    lo, hi = enclosed_expectations(of_states(name, 5), entries_of(DenseRows(P[:, None])), radii, V)
    assert (hi - lo).max() < NARROW.get(name, 1e-13) * (V.max() - V.min())


@pytest.mark.parametrize("V", [[0.0, np.nan], [0.0, np.inf], [0.0]])
def test_values_that_are_no_numbers_are_refused(V: list[float]):
    rows = entries_of(DenseRows([[["1/2", "1/2"]]]))
    with pytest.raises(InputError, match=r"V\.shape"):
        enclosed_expectations(named_set("tv"), rows, radii_between(np.array([0.5])), np.array(V))


def test_a_thread_that_does_not_round_to_nearest_proves_nothing(monkeypatch: pytest.MonkeyPatch):
    upwards = (1.0 + 2.0**-52, 1.0 + 2.0**-51, -1.0, 5e-324)
    monkeypatch.setattr(_outward, "_probes", lambda *_: upwards)
    rows = entries_of(DenseRows([[["1/2", "1/2"]]]))
    with pytest.raises(NumericalError, match="rounding to nearest"):
        enclosed_expectations(named_set("tv"), rows, radii_between(np.array([0.5])), np.zeros(2))
