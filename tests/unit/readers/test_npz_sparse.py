"""Games with compressed rows are read as they stand; what does not fit is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame, StagedGame, nominal_row, support
from drmg_check.readers import game_from_npz, read_model, staged_game_from_npz
from drmg_check.vocabulary import InputError, InputWarning, UnsupportedError, exact
from drmg_check.zoo import resolve_model

P = np.array([[[0.5, 0, 0.5], [0, 1, 0]], [[0.25, 0.25, 0.5], [0, 0, 1]], [[1, 0, 0], [0, 1, 0]]])
GOOD = {
    "P_indptr": [0, 2, 3, 6, 7, 8, 9],
    "P_indices": [0, 2, 1, 0, 1, 2, 2, 0, 1],
    "P_weights": [0.5, 0.5, 1.0, 0.25, 0.25, 0.5, 1.0, 1.0, 1.0],
    "r": [[0.0, 1.0, 2.0]],
    "r_axes": "i s",
    "radius": 0.1,
    "uncertainty": "tv",
    "horizon": 4,
    "actions": [2],
    "name": "small",
}


def archive(**changes: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **{key: value for key, value in (GOOD | changes).items() if value is not None})
    return stream.getvalue()


ANY_ORDER = {
    "P_indices": [2, 0, 1, 0, 2, 1, 2, 0, 1],
    "P_weights": [0.5, 0.5, 1.0, 0.25, 0.5, 0.25, 1.0, 1.0, 1.0],
}


@pytest.mark.parametrize("changes", [{}, ANY_ORDER])
def test_rows_in_any_order_are_those_of_the_dense_game(changes: dict[str, object]):
    said = pytest.warns(InputWarning, match=r"P: 2 rows were not in the order of states, and were sorted$")
    with said if changes else nullcontext():
        game = staged_game_from_npz(archive(**changes))
    stream = io.BytesIO()
    rest = {key: value for key, value in GOOD.items() if not key.startswith("P_")}
    np.savez(stream, P=P, P_axes="s a s'", **rest)
    dense = game_from_npz(stream.getvalue())
    assert isinstance(dense, RobustMarkovGame)
    for s, a in np.ndindex(3, 2):
        assert nominal_row(game.stages[0], s, a) == nominal_row(dense.stages[0], s, a)
    assert (game.horizon, game.actions, game.name) == (4, (2,), "small")
    assert game.stages[3].r.tolist() == dense.stages[3].r.tolist()
    assert game.stages[3].rho.tolist() == dense.stages[3].rho.tolist()


def test_exact_strings_stay_exact():
    weights = ["1/2", "1/2", "1", "1/3", "1/3", "1/3", "1", "1", "1"]
    game = staged_game_from_npz(archive(P_weights=weights))
    assert [str(x) for x in nominal_row(game.stages[0], 1, 0)] == ["1/3", "1/3", "1/3"]


def test_a_zero_is_no_successor():
    changes = {"P_indptr": [0, 3, 4, 7, 8, 9, 10], "P_indices": [0, 1, 2, *GOOD["P_indices"][2:]]}
    game = staged_game_from_npz(archive(**changes, P_weights=[0.5, 0.0, 0.5, *GOOD["P_weights"][2:]]))
    assert game.stages[0].rows.indices[:2].tolist() == [0, 2]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"P_indices": [0, 3, 1, 0, 1, 2, 2, 0, 1]}, "indices reach 3"),
        ({"P_indptr": [0, 2, 3, 6, 7, 8]}, r"P_indptr has 6 entries.* expected S A \+ 1"),
        ({"P_indptr": [0, 3, 2, 6, 7, 8, 9]}, "P_indptr goes from 0 to 9"),
        ({"P_indptr": [0, 2, 3, 6, 7, 8, 12]}, "P_indptr goes from 0 to 12; expected 0 to 9"),
        ({"P_indptr": [0, 2, 3, 6, 7, 9, 9]}, "every row has a support"),
        ({"P_weights": [0.5, 0.5, 1.0, 0.25, 0.25, 0.5, 1.0, 1.0]}, "P_weights 8"),
        ({"P_weights": [0.5, 0.6, 1.0, 0.25, 0.25, 0.5, 1.0, 1.0, 1.0]}, r"rows\[0, 0\] sums to"),
        ({"P_weights": [1.5, -0.5, 1.0, 0.25, 0.25, 0.5, 1.0, 1.0, 1.0]}, "weights.*positive"),
        ({"P_weights": [np.nan, 0.5, 1.0, 0.25, 0.25, 0.5, 1.0, 1.0, 1.0]}, "not finite"),
        ({"horizon": None}, "horizon and gamma: expected one of the two keys"),
        ({"horizon": 0}, "horizon=0"),
        ({"P_weights": None}, "the key P_weights is missing"),
        ({"P": P}, "key 'P' is unknown"),
        ({"radius": 2.0}, "radius"),
        ({"uncertainty": "tvv"}, "tvv"),
        ({"initial_state": 3}, "initial_state=3"),
        ({"actions": [5]}, "for 5 joint actions"),
        ({"actions": [2**20, 2**20]}, "joint actions"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        staged_game_from_npz(archive(**changes))


REPEATED = {"P_indptr": [0, 4, 5, 8, 9, 10, 11], "P_indices": [2, 0, 2, 2, *GOOD["P_indices"][2:]]}


@pytest.mark.parametrize(
    ("weights", "least"),
    [
        ([0.25, 0.5, 0.125, 0.125], [0.5, 0.5]),
        ([0.07, 0.81, 0.07, 0.05], None),  # 0.07 + 0.07 + 0.05 is no double
    ],
)
def test_a_state_that_a_row_names_again_has_the_exact_sum(weights: list[float], least: list[float] | None):
    """Whoever keeps the last weight, or rounds the sum, has another game."""
    with pytest.warns(InputWarning, match=r"2 entries named a state .* added; 1 rows were not in the order"):
        game = staged_game_from_npz(archive(**REPEATED, P_weights=[*weights, *GOOD["P_weights"][2:]]))
    states, kept = support(game.stages[0].rows, 0, 0)
    assert states.tolist() == [0, 2]
    total = sum(Fraction(weights[k]) for k in (0, 2, 3))
    assert [exact(x) for x in kept.tolist()] == [Fraction(weights[1]), total]
    assert least is None or (kept.dtype == np.float64 and kept.tolist() == least)
    assert nominal_row(game.stages[0], 2, 1) == (0, 1, 0)


def test_what_is_put_in_order_by_blocks_is_put_in_order(monkeypatch: pytest.MonkeyPatch):
    whole = staged_game_from_npz(archive()).stages[0].rows
    monkeypatch.setattr("drmg_check.readers._compressed.AT_ONCE", 2)
    with pytest.warns(InputWarning):
        parts = staged_game_from_npz(archive(**ANY_ORDER)).stages[0].rows
    assert parts.indptr.tolist() == whole.indptr.tolist()
    assert (parts.indices.tolist(), parts.P.tolist()) == (whole.indices.tolist(), whole.P.tolist())


def test_more_than_memory_holds_is_refused_by_the_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file of some hundred bytes announces 16 GB of entries to a machine of 8, and another far more."""
    monkeypatch.setattr("drmg_check.files._memory.available_memory", lambda: 2**33)
    for entries, message in ((2**31, "memory"), (2**60, "expected at most")):
        path = tmp_path / "huge.npz"
        with zipfile.ZipFile(path, "w") as file:
            header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({entries},), }}".ljust(117) + "\n"
            file.writestr("P_indptr.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + header.encode())
        with pytest.raises(InputError, match=message):
            read_model(path)


def test_what_it_lacks_is_said():
    with pytest.raises(UnsupportedError, match="axis s'"):
        staged_game_from_npz(archive(r=np.zeros((3, 3)), r_axes="s s'"))
    with pytest.raises(UnsupportedError, match="axis h"):
        staged_game_from_npz(archive(r=np.zeros((4, 3)), r_axes="h s"))


def test_one_address_reads_either_archive(tmp_path: Path):
    (tmp_path / "sparse.npz").write_bytes(archive())
    assert isinstance(resolve_model(str(tmp_path / "sparse.npz")), StagedGame)
    assert isinstance(resolve_model("zoo:good-bad-chain"), RobustMarkovGame)
    (tmp_path / "cut.npz").write_bytes(archive()[:-40])
    with pytest.raises(InputError, match=r"cut\.npz: not a NumPy archive"):
        read_model(tmp_path / "cut.npz")
    (tmp_path / "bad.npz").write_bytes(archive(horizon=0))
    with pytest.raises(InputError, match=r"bad\.npz: .*horizon=0"):
        read_model(tmp_path / "bad.npz")
