"""Policies are read as people have them: arrays of NumPy, one for all agents or one for each."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import is_product, product_policy
from drmg_check.readers import policy_from_arrays, policy_from_data, read_policy
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load

GAME = load("random-dirichlet?states=4&horizon=3&actions=3")
RNG = np.random.default_rng(7)
FIRST, SECOND = (RNG.dirichlet(np.ones(3), size=(3, 4)) for _ in range(2))
JOINT = FIRST[..., :, None] * SECOND[..., None, :]


def npy(array: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array))
    return stream.getvalue()


def npz(*arrays: object, **named: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, *arrays, **named)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        npz(marginal_0=FIRST, marginal_1=SECOND),
        npz(FIRST, SECOND),
    ],
)
def test_the_policies_of_the_agents_are_a_product(data: bytes):
    policy = policy_from_arrays(data, GAME)
    assert is_product(policy)
    assert np.allclose(policy.pi, JOINT.reshape(3, 4, 9), rtol=1e-15)
    assert np.array_equal(policy_from_arrays(data).pi, policy.pi)


@pytest.mark.parametrize(
    "data",
    [
        npy(JOINT),
        npy(JOINT.reshape(3, 4, 9)),
        npz(JOINT),
        npz(weights=JOINT.reshape(3, 4, 9)),
    ],
)
def test_a_joint_array_has_one_axis_or_one_for_each_agent(data: bytes):
    assert np.array_equal(policy_from_arrays(data, GAME).pi, JOINT.reshape(3, 4, 9))


@pytest.mark.parametrize(
    "data", [npy(JOINT[0]), npy(JOINT[0].reshape(4, 9)), npz(FIRST[0], SECOND[0]), npz(weights=JOINT[0])]
)
def test_an_array_without_steps_is_played_at_every_step(data: bytes):
    policy = policy_from_arrays(data, GAME)
    assert np.allclose(policy.pi, JOINT[:1].reshape(1, 4, 9).repeat(3, axis=0), rtol=1e-15)


def test_float32_is_read_by_its_own_precision():
    policy = policy_from_arrays(npz(FIRST.astype(np.float32), SECOND.astype(np.float32)), GAME)
    assert is_product(policy)
    assert np.allclose(policy.pi, JOINT.reshape(3, 4, 9), atol=1e-7)


def test_strings_are_exact():
    policy = policy_from_arrays(npz([[["1/3", "2/3"]]], [[["1/7", "6/7"]]]))
    assert [str(x) for x in policy.weights[0, 0]] == ["1/21", "2/7", "2/21", "4/7"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(JOINT[0, 0]), "has shape"),
        (npy(JOINT.reshape(3, 36)), "has shape"),
        (npy(JOINT[:, :3]), "needs"),
        (npy(JOINT[:2]), "needs"),
        (npy(2 * JOINT), "sums to"),
        (npz(FIRST, SECOND, FIRST), "needs"),
        (npz(FIRST[..., 0], SECOND), "marginals have shapes"),
        (npz(marginal_0=FIRST, marginal_2=SECOND), "the keys are"),
        (npz(policy=JOINT), "the keys are policy"),
        (npz(), "the keys are none"),
        (npy(np.array([None])), "dtype object"),
        (npy(JOINT)[:-9], "not a file of NumPy"),
        (b"PK\x03\x04", "not a file of NumPy"),
    ],
)
def test_what_is_no_policy_of_the_game_is_refused(tmp_path: Path, data: bytes, message: str):
    from drmg_check.models import check_policy_fits

    path = tmp_path / "policy.npy"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        check_policy_fits(GAME, read_policy(path, GAME))


def document(**fields: object) -> dict[str, object]:
    return {"format": "drmg-policy", "version": 1, "horizon": 3, "states": 1, "actions": [2, 2], **fields}


HALVES = {"numbers": "rational", "shape": [1, 1, 2], "values": ["1/2", "1/2"]}
THIRDS = {"numbers": "rational", "shape": [3, 1, 2], "values": ["1/3", "2/3"] * 3}


def test_marginals_in_json_are_a_product():
    policy = policy_from_data(document(marginals=[HALVES, THIRDS]))
    same = product_policy([[[["1/2", "1/2"]]] * 3, [[["1/3", "2/3"]]] * 3])
    assert (policy.weights == same.weights).all()
    assert is_product(policy)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "expected weights of the joint policy, or marginals"),
        ({"marginals": [HALVES, HALVES], "weights": HALVES}, "expected weights of the joint policy, or"),
        ({"marginals": [HALVES]}, "marginals has 1 arrays; expected 2"),
        ({"marginals": [HALVES, {**HALVES, "shape": [2, 1, 1]}]}, r"marginals\[1\].shape"),
        ({"marginals": [HALVES, {**HALVES, "values": ["1", "1"]}]}, r"marginals\[1\]"),
    ],
)
def test_marginals_that_do_not_fit_are_refused(fields: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        policy_from_data(document(**fields))


def test_the_command_takes_them_and_knows_the_nash_gap(
    command: Callable[..., tuple[object, str, str]], tmp_path: Path
):
    for name, data in {"joint.npy": npy(JOINT), "each.npz": npz(FIRST, SECOND)}.items():
        (tmp_path / name).write_bytes(data)
        code, out, err = command("certify", "zoo:random-dirichlet?states=4&horizon=3&actions=3", name)
        assert (code, err) == (0, "")
        assert "NE gap" in out
        assert "independent agents" in out


def test_a_policy_that_was_rounded_further_gets_a_hint(
    command: Callable[..., tuple[object, str, str]], tmp_path: Path
):
    rounded = JOINT.reshape(3, 4, 9).round(6)
    rounded[..., 0] += 1 - rounded.sum(axis=-1)
    (tmp_path / "joint.npy").write_bytes(npy(rounded / rounded.sum(axis=-1, keepdims=True)))
    code, out, err = command("certify", "zoo:random-dirichlet?states=4&horizon=3&actions=3", "joint.npy")
    assert code == 0
    assert "correlated" in out
    assert "give the policies one by one: marginals" in err
