"""The published schema of worst kernels describes what is written."""

import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.sets import FictitiousTotalVariation
from drmg_check.zoo import load
from drmg_oracles.policies import certify, write_worst_kernels


def schema(name: str) -> dict:
    text = (files("drmg_oracles.policies") / f"{name}.schema.json").read_text(encoding="utf-8")
    parsed = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(parsed)
    return parsed


def correlated(game: RobustMarkovGame) -> JointPolicy:
    """Return the policy of two agents that meet on the diagonal."""
    weights = np.zeros((game.horizon, game.n_states, game.n_joint_actions))
    weights[..., 0] = weights[..., -1] = 0.5
    return JointPolicy(weights, game.actions)


@pytest.mark.parametrize(
    "address",
    [
        "initial-shock",
        "random",
        "random?uncertainty=kl&horizon=2",
        "random?uncertainty=fictitious-tv",
        "random-dirichlet",
    ],
)
@pytest.mark.parametrize("policy", [uniform_policy, correlated], ids=["uniform", "correlated"])
def test_worst_kernels_are_as_published(
    address: str,
    policy: Callable[[RobustMarkovGame], JointPolicy],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Exact and rounded bounds, product and correlated policies, every gap that does not exist."""
    game = load(address)
    if address == "random-dirichlet":
        monkeypatch.setattr("drmg_oracles.policies._certify.EXACT_ENTRIES", 0)
    certificate = certify(game, policy(game))
    assert (certificate.bits is None) == (address != "random-dirichlet")
    write_worst_kernels(certificate, tmp_path / "kernel.json")
    kernels = json.loads((tmp_path / "kernel.json").read_text(encoding="utf-8"))
    jsonschema.validate(kernels, schema("worst-kernels"))
    fictitious = isinstance(game.uncertainty[0], FictitiousTotalVariation)
    for agent in kernels["agents"]:
        assert agent["action"] == ("own" if fictitious else "joint")
        assert all(sum(Fraction(mass) for _, mass in row) == 1 for *_, row in agent["rows"])
