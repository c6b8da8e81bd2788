"""A game with compressed rows, from its file to a proved gap and a checked table, as a reviewer runs it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.grid import main as write_grid
from drmg_check.documents import decode_tables, encode_tables

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def grid(tmp_path: Path) -> tuple[str, str]:
    """Two agents on a torus of 3 x 3 cells: 81 states, 16 joint actions, five successors."""
    write_grid(3, 6, tmp_path / "grid.npz")
    return "grid.npz", "grid-policy.npz"


def bounds_in(text: str, name: str) -> tuple[float, float]:
    """Return the interval of a fact, which is printed rounded outward."""
    fact = next(line for line in text.splitlines() if line.startswith(name))
    low, high = fact.partition("[")[2].rstrip("]").split(", ")
    return float(low), float(high)


def test_a_gap_is_proved_in_tables_and_every_place_is_proved_again(
    drmg_check: Run, tmp_path: Path, grid: tuple[str, str]
):
    game, policy = grid
    done = drmg_check("certify", game, policy, "--tables", "tables.npz")
    assert done.returncode == 0
    assert "36 proved sweeps of 1,296 rows" in done.stderr
    assert "game     grid 3, from 's0', H = 6" in done.stdout
    assert "CCE gap" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    exactly = drmg_check("certify", game, policy, "--exact")
    assert exactly.returncode == 0
    for line in ("CCE gap", "CE gap"):
        (low, high), (least, most) = (bounds_in(out.stdout, line) for out in (done, exactly))
        assert low <= least <= most <= high
        assert high - low < 2 * (most - least) or most == least
    checked = drmg_check(
        "verify-certificate", "tables.npz", "--game", game, "--policy", policy, "--places", "1000"
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "6 tables proved, 0 refused: every place of every table is proved" in " ".join(
        checked.stdout.split()
    )


def test_a_sample_says_what_it_proves_and_a_wrong_table_is_refused(
    drmg_check: Run, tmp_path: Path, grid: tuple[str, str]
):
    game, policy = grid
    assert drmg_check("certify", game, policy, "--tables", "tables.npz").returncode == 0
    about = ("--game", game, "--policy", policy)
    some = drmg_check("verify-certificate", "tables.npz", *about, "--places", "60", "--seed", "3")
    assert some.returncode == 0
    assert "fewer than 5.0% of the places are wrong (seed 3)" in " ".join(some.stdout.split())
    tables = decode_tables((tmp_path / "tables.npz").read_bytes())
    tables[0].L[0, 5] += 1e-6
    (tmp_path / "wrong.npz").write_bytes(encode_tables(tables))
    wrong = drmg_check("verify-certificate", "wrong.npz", *about, "--places", "1000")
    assert wrong.returncode == 1
    assert "REFUSED  agent 0, value, step 0, state 5" in wrong.stdout
    assert "5 tables proved, 1 refused" in wrong.stdout


def test_what_cannot_be_asked_is_said(drmg_check: Run, tmp_path: Path, grid: tuple[str, str]):
    game, policy = grid
    page = drmg_check("certify", game, policy, "--html", "page.html")
    assert page.returncode == 2
    assert "Tables have no page" in page.stderr
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    other = drmg_check("verify-certificate", "other.npz", "--game", game)
    assert other.returncode == 2
    assert "no drmg-value-tables" in other.stderr
    assert drmg_check("certify", game, policy, "--tables", "tables.npz").returncode == 0
    alone = drmg_check("verify-certificate", "tables.npz")
    assert alone.returncode == 2
    assert "give it by --game" in alone.stderr
    shown = drmg_check("show", game)
    assert shown.returncode == 2
    assert "compressed" in shown.stderr
