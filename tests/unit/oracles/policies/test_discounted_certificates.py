"""Certificates of discounted games: tight, verified by the vectors that they hold, refused if changed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import msgspec
import pytest

from drmg_check.documents import Certified, decode_document, encode_document
from drmg_check.models import JointPolicy, discounted, uniform_policy
from drmg_check.vocabulary import CertificateError
from drmg_check.zoo import load
from drmg_oracles.policies import certificate_document, certify, verify_certificate

SETS = (
    *("tv", "tv:nominal", "contamination", "interval", "fictitious-tv"),
    *("kl", "chi2", "hellinger", "wasserstein"),
)


def certified(uncertainty: str = "tv", discount: str = "99/100", correlated: bool = False) -> Certified:
    game = discounted(load(f"random?horizon=1&states=4&seed=3&uncertainty={uncertainty}"), discount)
    policy = uniform_policy(game)
    if correlated:
        policy = JointPolicy([[["1/2", 0, 0, "1/2"]] * 4], game.actions)
    return certificate_document(certify(game, policy))


@pytest.mark.parametrize("correlated", [False, True], ids=["independent", "correlated"])
@pytest.mark.parametrize("uncertainty", SETS)
def test_a_gap_at_ninety_nine_hundredths_is_proved_to_a_billionth_of_the_span(
    uncertainty: str, correlated: bool
):
    """By far: and the document that is read back is verified."""
    document = decode_document(encode_document(certified(uncertainty, correlated=correlated)))
    assert isinstance(document, Certified)
    gap = document.gap("cce")
    assert gap is not None
    low, high = gap.pair
    span = max(agent.brackets[0].ends[1][s] for agent in document.agents for s in range(4)) - min(
        agent.brackets[0].ends[0][s] for agent in document.agents for s in range(4)
    )
    assert high - low <= span * Fraction(1, 10**9)
    assert high - low <= span * Fraction(1, 10**30)
    assert verify_certificate(document) > 0


def raised(text: str) -> str:
    return str(Fraction(text) + Fraction(1, 10**6))


def lowered(text: str) -> str:
    return str(Fraction(text) - Fraction(1, 10**6))


TAMPERED: dict[str, tuple[Callable[[dict], None], str]] = {
    "a lower bound is raised in one state": (
        lambda bracket: bracket["lower"].__setitem__(2, raised(bracket["lower"][2])),
        "lower bound of the value in state 2",
    ),
    "an upper bound is lowered in one state": (
        lambda bracket: bracket["upper"].__setitem__(1, lowered(bracket["upper"][1])),
        "upper bound of the value in state 1",
    ),
    "all lower bounds are raised": (
        lambda bracket: bracket.update(lower=[raised(x) for x in bracket["lower"]]),
        "lower bound of the value in state",
    ),
    "all upper bounds are lowered": (
        lambda bracket: bracket.update(upper=[lowered(x) for x in bracket["upper"]]),
        "upper bound of the value in state",
    ),
    "a state is missing": (
        lambda bracket: bracket.update(lower=bracket["lower"][:3], upper=bracket["upper"][:3]),
        "brackets of the value; expected one, of 4 states",
    ),
    "it answers another question": (
        lambda bracket: bracket.update(question="modification"),
        "there are 0 brackets of the value",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
@pytest.mark.parametrize("uncertainty", ["tv", "kl"])
def test_a_bracket_that_does_not_prove_itself_is_refused(uncertainty: str, what: str):
    tamper, message = TAMPERED[what]
    data = msgspec.json.decode(encode_document(certified(uncertainty)))
    tamper(data["agents"][0]["brackets"][0])
    document = decode_document(msgspec.json.encode(data))
    assert isinstance(document, Certified)
    with pytest.raises(CertificateError, match=message):
        verify_certificate(document)


def test_a_value_beyond_its_bracket_is_refused():
    """The vectors are right, and the value that is claimed is not between them."""
    data = msgspec.json.decode(encode_document(certified("kl")))
    agent = data["agents"][0]
    value, response = agent["value"], agent["best_response"]
    value["lo"] = value["hi"] = raised(value["hi"])
    low, high = (Fraction(response[end]) - Fraction(value["hi"]) for end in ("lo", "hi"))
    agent["gain"] = agent["ce_gain"] = {"lo": str(low), "hi": str(high)}
    gains = [Fraction(each["gain"][end]) for end in ("lo", "hi") for each in data["agents"]]
    gap = {"lo": str(max(gains[:2])), "hi": str(max(gains[2:]))}
    data["gaps"] = {"nash": gap, "cce": gap, "ce": gap}
    document = decode_document(msgspec.json.encode(data))
    assert isinstance(document, Certified)
    with pytest.raises(CertificateError, match=r"value in .* is wrong"):
        verify_certificate(document)


def test_the_bracket_of_another_discount_is_refused():
    """Radius, rewards and rows are the same; values at 99/100 are none at 98/100."""
    data = msgspec.json.decode(encode_document(certified()))
    data["game"]["discounts"] = ["49/50"]
    document = decode_document(msgspec.json.encode(data))
    assert isinstance(document, Certified)
    with pytest.raises(CertificateError, match="does not follow"):
        verify_certificate(document)


def test_departures_are_weighted_by_how_often_play_comes_there():
    """The discounted visits of all states sum to 1 / (1 - gamma)."""
    game = discounted(load("keep-or-send"), "3/4")
    always = JointPolicy([[[1, 0, 0, 0]] * 2], game.actions)
    certificate = certify(game, always)
    (departure,) = certificate.agents[0].departures
    assert (departure.s, departure.play, departure.gain[0]) == (0, 1, Fraction(5, 4))
    assert certificate.gap("nash") == (5, 5)
