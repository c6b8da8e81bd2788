"""Where the adversary may go: states gained and lost, the price of each, and the nominal support."""

import pytest

from drmg_oracles.checker import RefusedError, verify
from tests.unit.oracles.by_hand import (
    SMALL,
    F,
    Json,
    changed,
    claim,
    dual,
    family,
    logarithm,
    transport,
    weighted,
)

# What leaves or loses states: divergences whose limit at a weight of 0 is finite, from both sides.
LIMITS = {
    "tv": (claim("tv", "1 1 0", "2 2 0", "1/4", "3 3 2", "3/2", dual(2)), True),
    "l1": (claim("l1", "1 1 0", "2 2 0", "1/2", "3 3 2", "3/2", dual(2)), True),
    "interval": (claim("interval", "1 1 0", "2 2 0", "1/4", "3 3 2", "3/2", dual(2)), True),
    "weighted-interval": (
        claim(weighted("weighted-interval", "1 1 1"), "1 1 0", "2 2 0", "1/4", "3 3 2", "3/2", dual(2)), True
    ),
    "weighted-l1": (
        claim(weighted("weighted-l1", "1 1 1"), "1 1 0", "2 2 0", "1/2", "3 3 2", "3/2", dual(1)), True
    ),
    "ellipsoid": (
        claim(weighted("ellipsoid", "2 2 3"), "1 1 0", "2 2 0", "1/2", "3 3 2", "3/2", dual(1)), True
    ),
    "contamination": (claim("contamination", "1 1 0", "2 2 0", "1/4", "3 3 2", "3/2", "dual"), True),
    "kl": (claim("kl", "1 1 0", "2 2 0", "1/4", "3 3 2", "3/2", "minimum"), False),
    "kl, loses": (claim("kl", "1 1", "0 1", logarithm(F(2), 60, up=True), "1 0", "0", "minimum"), True),
    "chi2": (claim("chi2", "1 1 0", "2 2 0", "1", "3 3 2", "3/2", "minimum"), False),
    "chi2, loses": (claim("chi2", "1 1", "0 1", "1", "1 0", "0", "minimum"), True),
    "hellinger": (claim("hellinger", "4 1 0", "2 2 0", "1/2", "9 4 0", "2", "minimum"), True),
    "hellinger, gains": (claim("hellinger", "1 0", "1 0", "4/5", "9 16", "9/25", "minimum"), True),
    "hellinger, loses": (claim("hellinger", "9 16", "0 1", "4/5", "1 0", "0", "minimum"), True),
    "reverse-kl": (
        claim("reverse-kl", "1 0", "1 0", logarithm(F(2), 60, up=True), "1 1", "1/2", "minimum"), True
    ),
    "reverse-kl, loses": (claim("reverse-kl", "1 1", "0 1", "9", "1 0", "0", "minimum"), False),
    "cressie-read -1": (claim(family(-1), "1 1 0", "1 1 0", "1/2", "1 1 2", "1/2", "minimum"), True),
    "cressie-read -1, loses": (claim(family(-1), "1 1", "0 1", "9", "1 0", "0", "minimum"), False),
    "cressie-read 1/2": (claim(family("1/2"), "1 0", "1 0", "8/5", "9 16", "9/25", "minimum"), True),
    "cressie-read 3": (claim(family(3), "1 1 0", "1 1 0", "1/2", "1 1 2", "1/2", "minimum"), False),
    "cressie-read 3, loses": (claim(family(3), "1 1", "0 1", "1/2", "1 0", "0", "minimum"), True),
}  # fmt: skip


@pytest.mark.parametrize(("data", "admitted"), LIMITS.values(), ids=LIMITS)
def test_states_may_be_gained_and_lost_where_the_divergence_stays_finite(data: Json, admitted: bool):
    """Mass may go but for reverse KL and alpha < 0, and arrive but for KL and alpha > 1."""
    data = data | {"lo": "0"}
    if admitted:
        assert verify(data) == (F(0), F(data["hi"]))
    else:
        with pytest.raises(RefusedError, match=r"leaves the nominal support|not prove that the distribution"):
            verify(data)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "tv",
            "l1",
            "weighted-l1",
            "weighted-interval",
            "ellipsoid",
            "hellinger, gains",
            "hellinger, loses",
            "chi2, loses",
            "kl, loses",
            "reverse-kl",
        ),
        *("cressie-read -1", "cressie-read 1/2", "cressie-read 3, loses"),
    ],
)
def test_what_arrives_and_what_goes_is_paid_for(name: str):
    """On the border of the ball: with a radius that is smaller by a hair nobody gets there."""
    data = LIMITS[name][0] | {"lo": "0"}
    border = F(data["row"]["radius"]) - (0 if "kl" not in name else F(1, 10**59))
    if "kl" not in name:
        assert verify(data)
    with pytest.raises(RefusedError, match=r"^it is false that the distribution lies in the ball$"):
        verify(changed(data, radius=str(border - SMALL)))


def test_a_state_may_lose_no_more_than_the_radius_of_an_interval():
    """Others gain half of it each, and that is within the ball."""
    data = claim("interval", "1/2 1/4 1/4", "1 0 0", "1/4", "1/4 3/8 3/8", ("0", "1/4"), "minimum")
    assert verify(data) == (F(0), F(1, 4))
    with pytest.raises(RefusedError, match=r"^it is false that the distribution lies in the ball$"):
        verify(changed(data, radius="1/8"))


def test_a_weight_too_small_for_the_first_precision_is_not_the_end():
    """10^-1500 underflows with 60 digits and not with 120."""
    tiny = F(1, 10**1500)
    data = claim("kl", "1 1", "0 1", "7/10", f"{1 - tiny} {tiny}", ("0", tiny), "minimum")
    assert verify(data) == (F(0), tiny)


@pytest.mark.parametrize("kind", ["tv", "l1", "interval", "contamination", "reverse-kl", "hellinger", None])
@pytest.mark.parametrize("bound", ["minimum", "mean"])
def test_the_nominal_support_confines_the_distribution_and_the_floor(kind: str | None, bound: str):
    """A third state with the value 0 and no nominal weight lowers the floor only if it may be entered."""
    everywhere = {"kind": kind, "support": "all"} if kind else family("1/2")
    nominal = everywhere | {"support": "nominal"}
    data = claim(nominal, "1 1 0", "1 1 0", "0", "1 1 0", "1", bound)
    assert verify(data) == (F(1), F(1))
    if bound == "minimum":
        with pytest.raises(RefusedError, match=r"^lo is above the smallest value$"):
            verify(changed(data, uncertainty=everywhere))
    with pytest.raises(RefusedError, match=r"^q leaves the nominal support$"):
        verify(changed(data, radius="3/4") | {"distribution": ["3", "3", "2"], "lo": "0"})


def test_a_radius_of_zero_leaves_no_other_distribution_only_where_moves_cost_something():
    """Where a move is free, the ball at radius 0 holds what the plan carries, and the mean bounds nothing."""
    free = transport(1, "0 0", "0 0")
    stays = claim(free, "1 0", "1 0", "0", "1 0", "1", "mean", [[0, 0, "1"]])
    with pytest.raises(RefusedError, match=r"^the mean bounds nothing where moves are free$"):
        verify(stays)
    assert verify(claim(free, "1 0", "1 0", "0", "0 1", "0", dual(9), [[0, 1, "1"]])) == (F(0), F(0))
    assert verify(changed(stays, uncertainty=transport(1, "0 1", "1 0"))) == (F(1), F(1))
