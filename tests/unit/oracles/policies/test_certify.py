"""Certificates of games that a pencil solves."""

import json
from fractions import Fraction
from pathlib import Path
from time import thread_time

import numpy as np
import pytest

from drmg_check.documents import encode_document
from drmg_check.models import JointPolicy, RobustMarkovGame, deterministic_policy, uniform_policy
from drmg_check.sets import FictitiousTotalVariation, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
from drmg_oracles.policies import (
    certificate_document,
    certify,
    estimate_seconds,
    write_worst_kernels,
)

HALF = Fraction(1, 2)
CHICKEN = RobustMarkovGame(
    transition=np.ones((1, 4, 1)),
    reward=np.array([[6, 2, 7, 0], [6, 7, 2, 0]]).reshape(2, 1, 1, 4),
    radius=0,
    uncertainty=TotalVariation(),
    actions=(2, 2),
    horizon=1,
)


def exactly(value: Fraction | int) -> tuple[Fraction, Fraction]:
    return Fraction(value), Fraction(value)


def device(*weights: object) -> JointPolicy:
    return JointPolicy(np.array([[weights]], dtype=object), (2, 2))


def test_initial_shock_under_the_uniform_policy():
    """Bad with k steps left: B_k = 1/4 + 3/4 B_(k-1) + (k-1)/4, and 1/2 + 1/2 B'_(k-1) + (k-1)/2 at best.

    So B_3 = 81/64 and B'_3 = 17/8, of which a shock of 1/10 at the first step takes its share.
    """
    game = load("initial-shock")
    certificate = certify(game, uniform_policy(game))
    assert (certificate.product, certificate.bits) == (True, None)
    for agent in certificate.agents:
        assert agent.value == exactly(1 + Fraction(9, 10) * 3 + Fraction(1, 10) * Fraction(81, 64))
        assert agent.response == exactly(1 + Fraction(9, 10) * 3 + Fraction(1, 10) * Fraction(17, 8))
        assert agent.gain == agent.ce_gain == exactly(Fraction(1, 10) * Fraction(55, 64))
        first = agent.departures[0]
        assert (first.h, first.s, first.told, first.play) == (1, 1, None, 1)
        assert first.instead == ((0, HALF), (1, HALF))
        assert first.gain == exactly(Fraction(17, 8) - Fraction(27, 16))
        assert [departure.h for departure in agent.departures] == [1, 2, 3]
        assert agent.moved_rows == 4
        assert agent.worst_rows[0].worst.probabilities == {0: Fraction(9, 10), 1: Fraction(1, 10)}
    for concept in ("nash", "cce", "ce"):
        assert certificate.gap(concept) == exactly(Fraction(11, 128))


def test_the_device_of_chicken_is_obeyed():
    """Aumann (1974): 1/3 each on all but (dare, dare) is a CE; ignoring it costs 1/3."""
    certificate = certify(CHICKEN, device("1/3", "1/3", "1/3", 0))
    assert not certificate.product
    assert (certificate.gap("cce"), certificate.gap("ce")) == (exactly(Fraction(-1, 3)), exactly(0))
    assert certificate.agents[0].ce_departures == ()
    with pytest.raises(InputError, match="no NE gap"):
        certificate.gap("nash")


def test_a_recommendation_that_is_worth_disobeying_is_named():
    """Told to dare, agent 0 meets chicken with 1/3 and dare with 2/3: 7/3, against 6/3 + 4/3 for chicken."""
    agent = certify(CHICKEN, device(0, "1/4", "1/4", "1/2")).agents[0]
    assert agent.ce_gain == exactly(Fraction(3, 4))
    (told,) = agent.ce_departures
    assert (told.told, told.play, told.gain) == (1, 0, exactly(1))


def test_a_pure_equilibrium_has_gap_zero_and_no_deviation():
    certificate = certify(CHICKEN, deterministic_policy(CHICKEN, lambda h, s: (1, 0)))
    assert certificate.gap("nash") == exactly(0)
    assert all(agent.departures == () for agent in certificate.agents)


def test_no_departure_is_named_that_may_gain_nothing():
    """No action matters; the values of a KL ball are known up to an interval, and so is their difference."""
    game = RobustMarkovGame(
        transition=np.full((2, 4, 2), 0.5),
        reward=np.broadcast_to([[0.0], [1.0]], (2, 2, 2, 4)),
        radius=Fraction(1, 10),
        uncertainty=KullbackLeibler(),
        actions=(2, 2),
        horizon=2,
    )
    for agent in certify(game, uniform_policy(game)).agents:
        assert agent.value[0] < agent.value[1]
        assert agent.departures == ()


def test_the_gap_is_that_of_the_agent_who_gains_most():
    """The first agent gains 1 by its other action, the second one 3."""
    r = np.array([[0, 0, 1, 1], [0, 3, 0, 3]], dtype=object).reshape(2, 1, 1, 4)
    game = RobustMarkovGame(
        transition=np.ones((1, 4, 1)),
        reward=r,
        radius=np.zeros(()),
        uncertainty=(TotalVariation(),) * 2,
        actions=(2, 2),
        horizon=1,
    )
    certificate = certify(game, deterministic_policy(game, lambda h, s: (0, 0)))
    assert [agent.gain for agent in certificate.agents] == [(1, 1), (3, 3)]
    assert certificate.gap("cce") == (3, 3)


def test_departures_are_ordered_by_what_they_gain_where_play_comes_to():
    """Ten where one play in a hundred comes to is less than one everywhere else."""
    often = [Fraction(99, 100), Fraction(1, 100)]
    r = np.array([[[0, 0], [0, 0]], [[0, 1], [0, 10]]], dtype=object)[None]
    game = RobustMarkovGame(
        transition=np.array([[often, often], [often, often]], dtype=object),
        reward=r,
        radius=np.zeros(()),
        uncertainty=(TotalVariation(),),
        actions=(2,),
        horizon=2,
    )
    (agent,) = certify(game, deterministic_policy(game, lambda h, s: (0,))).agents
    assert [(one.h, one.s, one.gain[0]) for one in agent.departures] == [(1, 0, 1), (1, 1, 10)]


def test_bounds_of_a_divergence_are_tight_and_ordered():
    game = load("random?uncertainty=kl")
    certificate = certify(game, uniform_policy(game))
    for agent in certificate.agents:
        for low, high in (agent.value, agent.response, agent.gain):
            assert 0 <= high - low < Fraction(1, 2**100)
    low, high = certificate.gap("nash")
    assert 0 < low <= high


def test_large_games_are_rounded_outward():
    """Beyond 100,000 entries the numbers are multiples of 2^-128 of the scale."""
    game = load("random-dirichlet?states=30&horizon=14&actions=2")
    certificate = certify(game, uniform_policy(game))
    assert certificate.bits == 128
    low, high = certificate.agents[0].value
    assert 0 < high - low < Fraction(1, 2**110)
    assert estimate_seconds(game, uniform_policy(game)) > 0


def test_a_fictitious_set_has_no_ce_gap_of_a_correlated_policy():
    game = load("random?uncertainty=fictitious-tv")
    assert certify(game, uniform_policy(game)).gap("ce") == certify(game, uniform_policy(game)).gap("nash")
    row = [HALF, Fraction(0), Fraction(0), HALF]
    policy = JointPolicy(np.array([[row] * 3] * 3, dtype=object), (2, 2))
    certificate = certify(game, policy)
    assert [agent.ce_gain for agent in certificate.agents] == [None, None]
    with pytest.raises(InputError, match="fictitious"):
        certificate.gap("ce")
    document = certificate_document(certificate)
    assert (document.gap("nash"), document.gap("ce")) == (None, None)
    assert estimate_seconds(game, policy) > 0


def test_each_agent_has_its_own_set():
    base = load("random")
    game = RobustMarkovGame(
        transition=base.transition,
        reward=base.reward,
        radius="1/4",
        uncertainty=(FictitiousTotalVariation(), KullbackLeibler()),
        actions=base.actions,
        horizon=base.horizon,
    )
    first, second = certify(game, uniform_policy(game)).agents
    assert first.value[0] == first.value[1]
    assert second.value[0] < second.value[1]


def test_data_are_exact_and_serialise():
    game = load("initial-shock")
    data = json.loads(encode_document(certificate_document(certify(game, uniform_policy(game)))))
    assert data["gaps"]["nash"] == {"lo": "11/128", "hi": "11/128"}
    assert data["agents"][1]["departures"][0]["instead"] == [[0, "1/2"], [1, "1/2"]]
    assert data["agents"][0]["worst_rows"][0]["worst"] == [[0, "9/10"], [1, "1/10"]]


def test_worst_kernels_are_written_whole_or_not_at_all(tmp_path: Path):
    game = load("initial-shock?horizon=3")
    certificate = certify(game, uniform_policy(game))
    assert write_worst_kernels(certificate, tmp_path / "kernel.json") == 2 * 3 * 4
    data = json.loads((tmp_path / "kernel.json").read_text(encoding="utf-8"))
    assert [agent["agent"] for agent in data["agents"]] == [0, 1]
    assert data["agents"][0]["rows"][0] == [0, 0, 0, [[0, "9/10"], [1, "1/10"]]]
    with pytest.raises(InputError, match="cannot be written"):
        write_worst_kernels(certificate, tmp_path / "none" / "kernel.json")
    assert [path.name for path in tmp_path.iterdir()] == ["kernel.json"]


def test_a_policy_of_another_game_is_refused():
    with pytest.raises(InputError, match="needs"):
        certify(load("random"), uniform_policy(CHICKEN))


@pytest.mark.parametrize(
    "address", ["random-dirichlet?states=8&uncertainty=kl", "random-dirichlet?states=12"]
)
def test_the_announced_time_has_the_right_size(address: str):
    """In CPU time, and not counting what a first call loads: a factor of 5 either way."""
    game = load(address)
    policy = uniform_policy(game)
    certify(game, policy)
    began = thread_time()
    certify(game, policy)
    seconds = thread_time() - began
    assert seconds / 5 <= estimate_seconds(game, policy) <= 5 * seconds
