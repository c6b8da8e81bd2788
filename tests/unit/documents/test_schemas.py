"""The published schemas describe what is written, and nothing else."""

import json
from collections.abc import Callable
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from drmg_check.documents import (
    Certified,
    PolicyOrigin,
    decode_document,
    encode_document,
    example_certificate,
    example_study,
)
from drmg_check.learners import Settings, learn, learning_setting, learning_study
from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.planner import practical
from drmg_check.readers import game_from_json, policy_from_json
from drmg_check.zoo import load
from drmg_oracles.policies import certificate_document, certify, verify_certificate
from tests.unit.reports.documents import study

PolicyOf = Callable[[RobustMarkovGame], JointPolicy]


def schema(name: str) -> dict:
    text = (files("drmg_check.documents") / f"{name}.schema.json").read_text(encoding="utf-8")
    parsed = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(parsed)
    return parsed


def correlated(game: RobustMarkovGame) -> JointPolicy:
    """Return the policy of two agents that meet on the diagonal."""
    weights = np.zeros((game.horizon, game.n_states, game.n_joint_actions))
    weights[..., 0] = weights[..., -1] = 0.5
    return JointPolicy(weights, game.actions)


def document(address: str, policy: PolicyOf = uniform_policy) -> Certified:
    game = load(address)
    return certificate_document(certify(game, policy(game)), PolicyOrigin("name", "uniform"))


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
def test_a_certificate_is_as_published_and_read_back(
    address: str, policy: PolicyOf, monkeypatch: pytest.MonkeyPatch
):
    """Exact and rounded bounds, product and correlated policies, every gap that does not exist."""
    if address == "random-dirichlet":
        monkeypatch.setattr("drmg_oracles.policies._certify.EXACT_ENTRIES", 0)
    written = document(address, policy)
    assert (written.bits is None) == (address != "random-dirichlet")
    data = encode_document(written)
    jsonschema.validate(json.loads(data), schema("gap-certificate"))
    again = decode_document(data)
    assert encode_document(again) == data
    assert again.agents == written.agents


def test_a_certificate_holds_the_game_and_the_policy_without_loss():
    game = load("random-dirichlet")
    policy = correlated(game)
    data = json.loads(encode_document(certificate_document(certify(game, policy))))
    again = game_from_json(json.dumps(data["game"]))
    assert (again.transition == game.transition).all()
    assert (again.reward == game.reward).all()
    assert (policy_from_json(json.dumps(data["policy"])).weights == policy.weights).all()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("gaps", "nash"), "0"),
        (("gaps", "cce"), None),
        (("agents", 0, "value", "lo"), 0.5),
        (("agents", 0, "gain", "hi"), "0.1e3"),
        (("agents", 0, "departures", 0, "h"), -1),
        (("agents", 0, "worst_rows", 0, "worst", 0), ["0", "1"]),
        (("agents", 0, "path", 0, "successors", 0), [0, 1.0]),
        (("origin", "kind"), "guess"),
        (("game",), "initial-shock"),
        (("version",), 1),
        (("comment",), ""),
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_certificate(place: tuple, value: object):
    data = json.loads(encode_document(document("initial-shock")))
    *path, last = place
    inner = data
    for key in path:
        inner = inner[key]
    inner[last] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema("gap-certificate"))


@pytest.mark.parametrize("algorithm", ["mornavi", "uniform"])
def test_a_study_is_as_published_and_read_back(algorithm: str):
    game = load("shaky-bridge")
    settings = Settings(algorithm=algorithm, concept="nash", episodes=8, optimism=practical(game, 8))
    learned = learning_study(
        learn(game, settings, [0, 1]), game.name, learning_setting(game, settings, "practical", [0, 1])
    )
    for written in (learned, study()):
        data = encode_document(written)
        jsonschema.validate(json.loads(data), schema("study"))
        assert encode_document(decode_document(data)) == data


@pytest.mark.parametrize("change", [{"small": 0}, {"subject": "game"}, {"more": 1}, {"panels": None}])
def test_the_schema_refuses_what_is_no_study(change: dict):
    data = json.loads(encode_document(study()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"study": data["study"] | change}, schema("study"))


def test_the_examples_are_as_published_and_the_certificate_is_true():
    for name, example in (("gap-certificate", example_certificate()), ("study", example_study())):
        jsonschema.validate(json.loads(encode_document(example)), schema(name))
    assert verify_certificate(example_certificate()) > 0
    assert example_certificate().agents == document("initial-shock").agents
