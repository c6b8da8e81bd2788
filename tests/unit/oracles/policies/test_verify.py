"""A certificate is proved again from the game and the policy that it holds, and a false one is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from drmg_check.documents import Certified, CertifiedAgent, CertifiedBounds, decode_document, encode_document
from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.vocabulary import CertificateError, InputError
from drmg_check.zoo import load
from drmg_oracles.policies import certificate_document, certify, verify_certificate
from drmg_properties.strategies import games, policies

PolicyOf = Callable[[RobustMarkovGame], JointPolicy]


def correlated(game: RobustMarkovGame) -> JointPolicy:
    """Return the policy of two agents that meet on the diagonal, unevenly."""
    weights = np.zeros((game.horizon, game.n_states, game.n_joint_actions))
    weights[..., 0], weights[..., -1] = 0.25, 0.75
    return JointPolicy(weights, game.actions)


def document(address: str, policy: PolicyOf = correlated) -> Certified:
    game = load(address)
    return certificate_document(certify(game, policy(game)))


@pytest.mark.parametrize(
    "address",
    [
        "random",
        "random?uncertainty=contamination",
        "random?uncertainty=interval&horizon=2",
        "random?uncertainty=kl&horizon=2",
        "random?uncertainty=reverse-kl&horizon=2",
        "random?uncertainty=fictitious-tv",
        "random-dirichlet?uncertainty=hellinger",
        "failure-gridworld?horizon=3",
    ],
)
@pytest.mark.parametrize("policy", [uniform_policy, correlated], ids=["uniform", "correlated"])
def test_what_certify_writes_is_proved(address: str, policy: PolicyOf):
    written = encode_document(document(address, policy))
    again = decode_document(written)
    assert isinstance(again, Certified)
    assert verify_certificate(again) > 0


def test_what_is_rounded_outward_is_proved(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drmg_oracles.policies._certify.EXACT_ENTRIES", 0)
    for address in ("random-dirichlet", "random-dirichlet?uncertainty=kl&horizon=2"):
        rounded = document(address)
        assert rounded.bits == 128
        assert verify_certificate(rounded) > 0


@settings(max_examples=settings().max_examples // 10)  # each example is a whole game
@given(games(max_actions=3).flatmap(lambda game: policies(game).map(lambda policy: (game, policy))))
def test_every_certificate_is_proved(played: tuple[RobustMarkovGame, JointPolicy]):
    verify_certificate(certificate_document(certify(*played)))


def moved(agent: CertifiedAgent, by: Fraction, *names: str) -> CertifiedAgent:
    """Return the agent with its bounds moved, and the gain that follows."""
    changed = {name: CertifiedBounds(*(str(end + by) for end in getattr(agent, name).pair)) for name in names}
    data = {field: getattr(agent, field) for field in agent.__struct_fields__} | changed
    (least, most), (low, high) = data["value"].pair, data["best_response"].pair
    if "ce_gain" not in names:
        data["gain"] = CertifiedBounds(str(low - most), str(high - least))
    return CertifiedAgent(**data)


@pytest.mark.parametrize("by", [Fraction(1, 10**30), Fraction(-1, 10**30), Fraction(1, 8)], ids=str)
@pytest.mark.parametrize(
    ("names", "first"),
    [(["value"], "value"), (["best_response"], "best_response"), (["value", "best_response"], "value")],
    ids=str,
)
def test_a_number_that_is_off_by_anything_is_refused_by_name(by: Fraction, names: list[str], first: str):
    """Consistently: the gain follows, so that the document is a legal one."""
    true = document("random")
    agents = (moved(true.agents[0], by, *names), *true.agents[1:])
    with pytest.raises(CertificateError, match=rf"agent 0.*: {first} in .* is wrong; proved is"):
        verify_certificate(replace(true, agents=agents))


def test_a_ce_gain_that_is_off_is_refused():
    true = document("random")
    agents = (moved(true.agents[0], Fraction(1, 10**9), "ce_gain"), *true.agents[1:])
    with pytest.raises(CertificateError, match=r"ce_gain in .* is wrong"):
        verify_certificate(replace(true, agents=agents))


def test_an_interval_narrower_than_what_can_be_proved_does_not_follow():
    true = document("random?uncertainty=kl&horizon=2")
    agent = true.agents[0]
    low, high = agent.value.pair
    assert low < high
    middle = (low + high) / 2
    narrow = CertifiedBounds(str(middle), str(middle))
    data = {field: getattr(agent, field) for field in agent.__struct_fields__} | {"value": narrow}
    best = agent.best_response.pair
    data["gain"] = CertifiedBounds(str(best[0] - middle), str(best[1] - middle))
    with pytest.raises(CertificateError, match=r"value in .* (is wrong|does not follow)"):
        verify_certificate(replace(true, agents=(CertifiedAgent(**data), *true.agents[1:])))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("game", "radius", "values", 0), "1/7"),
        (("game", "reward", "values", 0), "1/7"),
        (("game", "transition", "kernels", 0, 0, 2), [[0, "1"]]),
        (("game", "uncertainty", 0), {"kind": "tv", "support": "nominal"}),
        (("policy", "weights", "values"), ["0.5", "0", "0", "0.5"]),
    ],
    ids=str,
)
def test_a_certificate_of_another_game_or_policy_is_refused(place: tuple, value: object):
    data = json.loads(encode_document(document("random")))
    *path, last = place
    inner = data
    for key in path:
        inner = inner[key]
    assert inner[last] != value
    inner[last] = value
    changed = decode_document(json.dumps(data).encode())
    assert isinstance(changed, Certified)
    with pytest.raises(CertificateError, match=r"is wrong|does not follow"):
        verify_certificate(changed)


def test_a_product_policy_is_one_and_a_correlated_one_is_none():
    game = load("random")
    product, joint = document("random", uniform_policy), document("random", correlated)
    with pytest.raises(CertificateError, match="product=True, but the policy is correlated"):
        verify_certificate(replace(product, policy_text=joint.policy_text))
    single = certificate_document(certify(game, uniform_policy(game)))
    with pytest.raises(CertificateError, match="product=False, but the policy is a product"):
        verify_certificate(replace(single, product=False))


def test_a_gain_that_is_known_may_not_be_left_out():
    true = document("random")
    agent = true.agents[0]
    data = {field: getattr(agent, field) for field in agent.__struct_fields__} | {"ce_gain": None}
    with pytest.raises(CertificateError, match="a ce_gain is known"):
        verify_certificate(replace(true, agents=(CertifiedAgent(**data), *true.agents[1:])))


def test_a_game_that_is_none_is_refused_with_what_is_wrong_with_it():
    true = document("random")
    with pytest.raises(InputError, match=r"^the game or the policy that the certificate holds: .*drmg-game"):
        verify_certificate(replace(true, game_text="{}"))
    other = load("random?horizon=1")
    with pytest.raises(InputError, match="that the certificate holds: policy has shape"):
        verify_certificate(
            replace(true, policy_text=certificate_document(certify(other, uniform_policy(other))).policy_text)
        )
