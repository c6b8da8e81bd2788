"""NumPy archives are read by the axes that they name."""

import io
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drmg_check.readers import game_from_npz, game_to_json, read_game
from drmg_check.sets import CressieRead, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError, exact
from drmg_check.zoo import load

P = np.array([[[0.25, 0.75], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])  # [s, a, s']
R = np.array([[1.0, 2.0], [3.0, 4.0]])  # [s, a]


def archive(**changes: object) -> bytes:
    keys: dict[str, Any] = {
        "P": P,
        "P_axes": "s a s'",
        "r": R,
        "r_axes": "s a",
        "radius": 0.125,
        "uncertainty": "tv",
        "horizon": 3,
    }
    keys |= changes
    stream = io.BytesIO()
    np.savez(stream, **{key: value for key, value in keys.items() if value is not None})
    return stream.getvalue()


def test_the_order_of_the_axes_is_the_one_that_is_named():
    plain = game_from_npz(archive())
    turned = game_from_npz(archive(P=P.transpose(1, 2, 0), P_axes="a s' s", r=R.T, r_axes="a s"))
    assert np.array_equal(plain.P[2], P)
    assert np.array_equal(plain.r[0, 1], R)
    assert (plain.horizon, plain.actions, plain.uncertainty) == (3, (2,), (TotalVariation(),))
    assert game_to_json(turned) == game_to_json(plain)


def test_every_axis_of_a_general_game():
    """A whole game written in another order of axes is the same game."""
    game = load("random-dirichlet?agents=2&states=3&horizon=2")
    data = archive(
        P=game.P.transpose(3, 0, 2, 1),
        P_axes="s' h a s",
        r=game.r.transpose(3, 2, 1, 0),
        r_axes="a s h i",
        radius="1/10",
        actions=[2, 2],
        uncertainty=["tv", "tv"],
        horizon=None,
        name="random-dirichlet",
    )
    assert game_to_json(game_from_npz(data)) == game_to_json(game)


def test_rewards_on_arrival_become_exact_expectations():
    arrival = np.array([8.0, 4.0])
    game = game_from_npz(archive(r=arrival, r_axes="s'"))
    assert game.r[0, 0].tolist() == [[5.0, 8.0], [6.0, 4.0]]
    third = game_from_npz(
        archive(P=[[["1/3"], ["2/3"]], [["1"], ["0"]]], P_axes="s s' a", r=arrival, r_axes="s'")
    )
    assert third.reward[0, 0, 0, 0] == Fraction(16, 3)


def test_rewards_on_arrival_are_weighted_by_what_sums_to_one():
    """The floats nearest to 1/3 and 2/3 sum to less than 1; a reward of 1 wherever one arrives is 1."""
    thirds = np.array([[[1 / 3, 2 / 3]], [[2 / 3, 1 / 3]]])
    game = game_from_npz(archive(P=thirds, r=np.array([1.0, 1.0]), r_axes="s'"))
    assert {exact(x) for x in game.reward.ravel()} == {Fraction(1)}


def test_strings_are_exact_and_sets_may_differ():
    data = archive(
        actions=[2, 1], uncertainty=["tv", "kl"], radius=["1/3", "2"], radius_axes="i", initial_state=1
    )
    game = game_from_npz(data)
    assert game.radius[:, 0, 0, 0].tolist() == [Fraction(1, 3), Fraction(2)]
    assert game.uncertainty == (TotalVariation(), KullbackLeibler())
    assert game.initial_state == 1


def test_a_file_is_recognised_by_its_content(tmp_path: Path):
    file = tmp_path / "game.npz"
    file.write_bytes(archive())
    assert read_game(file).n_states == 2
    file.write_bytes(archive()[:-100])
    with pytest.raises(InputError, match=r"game\.npz: not a NumPy archive"):
        read_game(file)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"P": None}, "the key P is missing"),
        ({"uncertainty": None}, "the key uncertainty is missing"),
        ({"transition": P}, "key 'transition' is unknown"),
        ({"P_axes": None}, "P_axes is missing; expected the axes of P"),
        ({"P_axes": "s a"}, 'P_axes="s a" for 3 axes'),
        ({"P_axes": "s s s'"}, "each once"),
        ({"P_axes": "s a t"}, "each once"),
        ({"P_axes": "h a s'"}, "each once"),
        ({"P_axes": ["s", "a"]}, "P_axes has 2 values"),
        ({"P_axes": 3}, "expected strings"),
        ({"r_axes": "s a s'"}, 'r_axes="s a s\'" for 2 axes'),
        ({"r_axes": "s s"}, "each once"),
        ({"P": np.stack([P, P]), "P_axes": "h s a s'"}, r"P has shape .* expected \(3, 2, 2, 2\)"),
        ({"r_axes": "h s"}, "does not broadcast"),
        ({"horizon": None}, "nothing says the horizon"),
        ({"horizon": 0}, "expected numbers >= 1"),
        ({"horizon": 2.5}, "expected integers"),
        ({"horizon": 2**40}, "expected at most"),
        ({"actions": [3]}, "expected \\(3, 2, 3, 2\\)"),
        ({"actions": [1] * 40 + [2]}, "at most 32 agents"),
        ({"uncertainty": "magic"}, "'magic' is unknown"),
        ({"uncertainty": ["tv", "kl"]}, "2 sets"),
        ({"radius": 2.0}, "illegal for the tv set"),
        ({"radius": [0.1, 0.1]}, "radius_axes is missing"),
        ({"P": P * 2}, "sums to 2.0"),
        ({"P": P.astype(complex)}, "dtype complex128"),
        ({"P": P.astype(object)}, "dtype object"),
        ({"P": P.astype(np.longdouble)}, "expected float64"),
        ({"r": R * np.nan}, "not finite"),
        ({"r": np.full(2, "x"), "r_axes": "s"}, "no exact number"),
        ({"r": np.zeros(3), "r_axes": "s'"}, "expected them to fit"),
        ({"name": ["a", "b"]}, "name has 2 values"),
        ({"initial_state": 2}, "initial_state=2"),
    ],
    ids=str,
)
def test_an_archive_that_does_not_fit_is_refused(changes: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        game_from_npz(archive(**changes))


def test_an_announced_size_is_refused_before_it_is_allocated():
    """The header of a few bytes promises 2^60 numbers."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (2**60,)})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("P.npy", header.getvalue())
    with pytest.raises(InputError, match="P has shape"):
        game_from_npz(stream.getvalue())


@pytest.mark.parametrize(
    ("shape", "dtype", "refused"),
    [
        ((2**22,), "<U4", False),  # read on, where the bytes are missing
        ((2**22 + 1,), "<U1", True),
        ((2**10,), "<U65537", True),  # few strings, of more bytes than the largest array of floats
        ((2**25,), "<f8", False),
        ((2**25 + 1,), "<f8", True),
        ((2**25 + 1,), "|u1", True),
    ],
)
def test_numbers_and_bytes_are_both_limited(shape: tuple[int, ...], dtype: str, refused: bool):
    """By what the header says: no more numbers, fewer strings, and no more bytes in either."""
    header = io.BytesIO()
    np.lib.format.write_array_header_2_0(header, {"descr": dtype, "fortran_order": False, "shape": shape})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("P.npy", header.getvalue())
    with pytest.raises(InputError, match="P has shape" if refused else "not a NumPy archive"):
        game_from_npz(stream.getvalue())


def test_pickles_are_never_loaded():
    stream = io.BytesIO()
    np.savez(stream, P=np.array([print], dtype=object))
    with pytest.raises(InputError, match="dtype object"):
        game_from_npz(stream.getvalue())


def test_states_actions_and_agents_may_have_names():
    game = game_from_npz(
        archive(state_names=["wet", "dry"], action_names=["stay", "go"], agent_names=["cat"])
    )
    assert (game.state_names, game.action_names, game.agent_names) == (
        ("wet", "dry"),
        (("stay", "go"),),
        ("cat",),
    )
    two = {"actions": [2, 1], "agent_names": ["cat", "dog"]}
    game = game_from_npz(archive(**two, action_names=[["stay", "go"], ["sit", ""]]))
    assert game.action_names == (("stay", "go"), ("sit",))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"state_names": ["wet"]}, "state_names"),
        ({"state_names": [1.0, 2.0]}, "expected strings"),
        ({"action_names": ["stay"]}, "action_names"),
        ({"action_names": [["stay", "go", "no"]]}, "of as many names as actions"),
        ({"action_names": [["stay", "go"]] * 2}, "expected a row for each of 1 agents"),
        ({"action_names": 1}, "expected strings"),
    ],
)
def test_names_that_do_not_fit_are_refused(changes: dict[str, Any], message: str):
    with pytest.raises(InputError, match=message):
        game_from_npz(archive(**changes))


def test_a_kernel_of_float32_is_read_by_its_own_precision():
    thirds = np.array([[[0.1, 0.9], [1 / 3, 2 / 3]], [[0.7, 0.3], [0.2, 0.8]]], dtype=np.float32)
    game = game_from_npz(archive(P=thirds, P_axes="a s s'", r=[[1.0, 0.0]], r_axes="s s'"))
    wide = thirds.astype(np.float64)
    assert np.array_equal(game.P[0].transpose(1, 0, 2), wide / wide.sum(axis=-1, keepdims=True))


def test_sets_have_their_short_names():
    data = archive(actions=[2, 1], uncertainty=["tv:nominal", "cressie-read:3/2"])
    assert game_from_npz(data).uncertainty == (TotalVariation("nominal"), CressieRead("3/2"))  # type: ignore[arg-type]
    assert game_from_npz(archive(uncertainty="wasserstein:2")).uncertainty[0].n_states == 2
    with pytest.raises(InputError, match=r"does not say alpha; expected one of .*cressie-read:3/2"):
        game_from_npz(archive(uncertainty="cressie-read"))
