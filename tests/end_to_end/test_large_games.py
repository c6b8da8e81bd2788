"""A game with compressed rows, from its file to a proved gap and a checked table, as a reviewer runs it."""

from __future__ import annotations

import re
import struct
import subprocess
import zipfile
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
    low, high = fact.partition("[")[2].partition("]")[0].split(", ")
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
    learned = drmg_check("learn", game, "--episodes", "10")
    assert learned.returncode == 2
    assert "its rows are compressed: show, convert, plan, certify" in learned.stderr


@pytest.fixture
def pennies(tmp_path: Path) -> str:
    """270 states on a ring in which two agents must mix: whoever guesses the other's coin is paid."""
    S = 270
    s, a = np.divmod(np.arange(S * 4), 4)
    ahead = np.stack([(s + 1 + a) % S, (s + 7) % S, (s * s + a) % S], axis=1)
    stake = 1.0 + np.arange(S) % 5 / 4
    sign = np.array([1.0, -1.0, -1.0, 1.0])
    np.savez(
        tmp_path / "pennies.npz",
        P_indptr=np.arange(S * 4 + 1) * 3,
        P_indices=ahead.reshape(-1),
        P_weights=np.tile([0.5, 0.25, 0.25], S * 4),
        r=np.stack([stake[:, None] * np.maximum(sign, -0.5), np.tile([-1.0, 1.0, 1.0, -0.5], (S, 1))]),
        r_axes="i s a",
        radius="1/10",
        uncertainty="tv",
        horizon=4,
        actions=[2, 2],
        name="pennies",
    )
    return "pennies.npz"


@pytest.mark.parametrize(("concept", "line"), [("nash", "NE gap"), ("cce", "CCE gap"), ("ce", "CE gap")])
def test_a_plan_is_written_shown_and_proved_near_an_equilibrium(
    drmg_check: Run, tmp_path: Path, pennies: str, concept: str, line: str
):
    """The gap of a policy that mixes otherwise is a tenth and more."""
    planned = drmg_check("plan", pennies, "--concept", concept, "--out", "policy.npz", "--jobs", "2")
    assert planned.returncode == 0
    assert "policy.npz: the policy; certify proves how good it is" in planned.stdout
    assert "Note: P: " in planned.stderr  # states that a row names twice, and rows out of order
    shown = drmg_check("show", "policy.npz")
    assert shown.returncode == 0
    assert ("independent agents" in shown.stdout) == (concept == "nash")
    done = drmg_check("certify", pennies, "policy.npz", "--tables", "tables.npz")
    assert done.returncode == 0
    # a pure plan is a product, and then one line says all three gaps
    low, high = bounds_in(done.stdout, line if line in done.stdout else "NE gap")
    assert -1e-9 < low <= high < 1e-8
    if concept == "nash":
        exactly = drmg_check("certify", pennies, "policy.npz", "--exact")
        assert exactly.returncode == 0
        assert "Proved in fractions, as --exact asks." in exactly.stdout
    places = ("--places", "2000") if concept == "ce" else ("--places", "40")
    about = ("--game", pennies, "--policy", "policy.npz")
    checked = drmg_check("verify-certificate", "tables.npz", *about, *places)
    assert checked.returncode == 0, checked.stdout
    uniform = drmg_check("verify-certificate", "tables.npz", "--game", pennies, "--places", "100")
    assert uniform.returncode == 1  # the tables are of another policy


def test_threads_change_no_byte(drmg_check: Run, tmp_path: Path, grid: tuple[str, str]):
    for jobs in ("1", "3"):
        done = drmg_check("certify", *grid, "--tables", f"{jobs}.npz", "--jobs", jobs)
        assert done.returncode == 0
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "3.npz").read_bytes()


def test_uniform_play_is_of_independent_agents_at_any_size(drmg_check: Run, grid: tuple[str, str]):
    done = drmg_check("certify", grid[0], "--policy", "uniform")
    assert done.returncode == 0
    exactly = drmg_check("certify", grid[0], "--policy", "uniform", "--exact")
    for out in (done, exactly):
        assert "NE gap" in out.stdout
    (low, high), (least, most) = (bounds_in(out.stdout, "NE gap") for out in (done, exactly))
    assert low <= least <= most <= high


def test_games_go_from_one_format_to_another_and_back(drmg_check: Run, tmp_path: Path, pennies: str):
    assert drmg_check("convert", pennies, "pennies.json").returncode == 0
    assert drmg_check("convert", "pennies.json", "again.npz").returncode == 0
    assert drmg_check("convert", "again.npz", "again.json").returncode == 0
    assert (tmp_path / "pennies.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    shown = drmg_check("show", "pennies.json")
    assert shown.stdout == drmg_check("show", "again.npz").stdout
    assert "rows     compressed: 1,080 with" in shown.stdout
    small = drmg_check("convert", "zoo:initial-shock", "shock.npz")
    assert small.returncode == 2
    assert "games without compressed rows go to JSON" in small.stderr


def test_a_prism_model_of_thousands_of_states_is_planned_and_proved(drmg_check: Run, tmp_path: Path):
    """8,607 states and 15,113 transitions, as a small model of Storm's has."""
    S, lines = 8607, []
    for s in range(S):
        double = len(lines) + 2 * (S - s) <= 15113
        lines += [f"{s} 0 {(s + 1) % S} {0.5 if double else 1}"]
        lines += [f"{s} 0 {(s + 2) % S} 0.5"] if double else []
    (tmp_path / "chain.tra").write_text(f"{S} {S} {len(lines)}\n" + "\n".join(lines) + "\n")
    rewards = "\n".join(f"{s} {s % 7}" for s in range(S))
    (tmp_path / "chain.srew").write_text(f"{S} {S}\n{rewards}\n")
    address = "chain.tra?horizon=5&radius=1/10&uncertainty=tv"
    assert drmg_check("plan", address, "--out", "policy.npz").returncode == 0
    done = drmg_check("certify", address, "policy.npz")
    assert done.returncode == 0
    assert bounds_in(done.stdout, "NE gap")[1] < 1e-9
    shown = drmg_check("show", address)
    assert "rows     compressed: 8,607 with 15,113 entries" in shown.stdout


def spoilt_archive(path: Path, **changes: object) -> None:
    good: dict[str, object] = {
        "P_indptr": [0, 2, 3],
        "P_indices": [0, 1, 1],
        "P_weights": ["1/2", "1/2", "1"],
        "r": [0.0, 1.0],
        "r_axes": "s",
        "radius": "1/10",
        "uncertainty": "tv",
        "horizon": 3,
    }
    np.savez(path, **(good | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"P_indices": [0, 2, 1]}, "indices reach 2"),
        ({"P_weights": [f"1/1{'0' * 320}", f"{'9' * 320}/1{'0' * 320}", "1"]}, "a weight rounds to"),
        ({"r": [0.0, 1.0, 2.0]}, "does not broadcast"),
        ({"horizon": 2**62}, "memory|horizon"),
        ({"radius": 3.0}, "radius"),
    ],
)
def test_bad_input_is_one_sentence_before_any_work(
    drmg_check: Run, tmp_path: Path, changes: dict[str, object], message: str
):
    spoilt_archive(tmp_path / "bad.npz", **changes)
    for command in (
        ("plan", "bad.npz", "--out", "policy.npz"),
        ("certify", "bad.npz", "--policy", "uniform"),
    ):
        done = drmg_check(*command)
        assert done.returncode == 2, done
        assert re.search(message, done.stderr)
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "policy.npz").exists()


def test_a_header_that_announces_a_trillion_entries_is_believed_and_refused(drmg_check: Run, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as file:
        header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }".ljust(117) + "\n"
        head = b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + header.encode()
        file.writestr("P_indptr.npy", head)
    for command in (("show", "huge.npz"), ("certify", "huge.npz")):
        done = drmg_check(*command)
        assert done.returncode == 2
        assert "expected at most" in done.stderr


def test_a_policy_of_another_game_is_refused(
    drmg_check: Run, tmp_path: Path, grid: tuple[str, str], pennies: str
):
    assert drmg_check("plan", pennies, "--out", "policy.npz").returncode == 0
    other = drmg_check("certify", grid[0], "policy.npz")
    assert other.returncode == 2
    assert "policy has shape (4, 270, 4)" in other.stderr
