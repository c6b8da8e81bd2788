"""Every refusal of the checker: the smallest certificate that it must refuse, beside the one it must accept.

The certificates are written by hand, with two or three states and tight ends, so that nothing but the checker
is tested and every number can be checked with a pencil.
"""

from decimal import Decimal, localcontext

import pytest

from drmg_oracles.checker import RefusedError, verify
from tests.unit.oracles.by_hand import (
    ELEVEN,
    HALF,
    LINE,
    SMALL,
    THREE,
    TILTED,
    F,
    Json,
    changed,
    claim,
    confined,
    dual,
    family,
    logarithm,
    transport,
    weighted,
)

# The worst case of each set, tight: the distribution lies on the border of the ball, the dual reaches it.
TIGHT = {
    "tv": claim("tv", "1/2 1/2", "0 1", "1/4", "3/4 1/4", "1/4", dual(1)),
    "tv, values below 1": claim("tv", "1/2 1/2", "0 1/2", "1/4", "3/4 1/4", "1/8", dual("1/2")),
    "tv, a cap between": claim("tv", "1/4 1/2 1/4", "0 1 2", "1/4", "1/2 1/2 0", "1/2", dual(1)),
    "tv, nominal": claim(confined("tv"), "1 1 0", "1 2 0", "1/4", "3 1 0", "5/4", dual(2)),
    "tv, all": claim({"kind": "tv", "support": "all"}, "1 1 0", "1 2 0", "1/4", "2 1 1", "1", dual(2)),
    "l1": claim("l1", "1/2 1/2", "0 1", "1/2", "3/4 1/4", "1/4", dual(1)),
    "interval": claim("interval", "1/4 1/4 1/2", "0 1 2", "1/8", "3/8 1/4 3/8", "1", dual(1)),
    "interval, cut": claim("interval", "1/16 15/16", "0 1", "1/8", "3/16 13/16", "13/16", dual("1/2")),
    "interval, nominal": claim(confined("interval"), "1 1 0", "1 2 0", "1/4", "3 1 0", "5/4", dual("3/2")),
    "weighted-interval": claim(
        weighted("weighted-interval", "1 2 4"), "1/4 1/4 1/2", "0 1 2", "1/4", "7/16 1/8 7/16", "1", dual(0)
    ),
    "weighted-l1": claim(
        weighted("weighted-l1", "1 3"), "1/2 1/2", "0 1", "1/4", "9/16 7/16", "7/16", dual("1/4")
    ),
    "weighted-l1, nominal": claim(
        weighted("weighted-l1", "1 3 1", "nominal"), "1 1 0", "1 2 0", "1/4", "9 7 0", "23/16", dual("1/4")
    ),
    "l2": claim("l2", "1 1 1 1", "0 0 3 3", "1/4", "3 3 1 1", "3/4", dual(6)),
    "l2, nominal": claim(confined("l2"), "1 1 1 1 0", "3 3 6 6 0", "1/4", "3 3 1 1 0", "15/4", dual(6)),
    "ellipsoid": claim(weighted("ellipsoid", "1 3"), "1/2 1/2", "0 1", "1/2", "3/4 1/4", "1/4", dual("1/2")),
    "ellipsoid, emptied": claim(
        weighted("ellipsoid", "1 1 3"), "1/2 1/4 1/4", "0 1 4", "1/2", "3/4 1/4 0", "1/4", dual(2)
    ),
    "bounds": claim(
        {"kind": "bounds", "lower": ["0", "1/4"], "upper": ["1", "1"]},
        "1/2 1/2", "0 1", "1", "3/4 1/4", "1/4", dual(0),
    ),
    "bounds, drawn": claim(
        {"kind": "bounds", "lower": ["0", "0"], "upper": ["3/4", "1"]},
        "1/2 1/2", "0 1", "1/2", "5/8 3/8", "3/8", dual(1),
    ),
    "contamination": claim("contamination", "1/2 1/2", "2 4", "1/4", "5/8 3/8", "11/4", "dual"),
    "wasserstein": claim(
        LINE, "1/2 1/2", "0 3", "1/4", "3/4 1/4", "3/4", dual(3),
        [[0, 0, "1/2"], [1, 0, "1/4"], [1, 1, "1/4"]],
    ),
    "wasserstein, order 3": claim(
        transport(3, "0 2", "2 0"), "1/2 1/2", "0 3", "1/2", "33/64 31/64", "93/64", dual("3/8"),
        [[0, 0, "1/2"], [1, 0, "1/64"], [1, 1, "31/64"]],
    ),
    "wasserstein, uneven": claim(
        transport(1, "0 5", "1 0"), "1/2 1/2", "0 3", "1/4", "3/4 1/4", "3/4", dual(3),
        [[0, 0, "1/2"], [1, 0, "1/4"], [1, 1, "1/4"]],
    ),
    "chi2": claim("chi2", "1/2 1/2", "0 1", "9/16", "7/8 1/8", "1/8", dual("6/7")),
    "chi2, moved": claim("chi2", "1/2 1/2", "3 5", "9/16", "7/8 1/8", "13/4", dual("3/7")),
    "hellinger": claim("hellinger", "1/5 4/5", "0 1", "2/5", "4/5 1/5", "1/5", dual(6)),
    "hellinger, moved": claim("hellinger", "1/5 4/5", "3 5", "2/5", "4/5 1/5", "17/5", dual(3)),
    "cressie-read -1": claim(family(-1), "1/2 1/2", "0 1", "1/6", "3/4 1/4", "1/4", dual(4)),
    "cressie-read 1/2": claim(family("1/2"), "1/5 4/5", "0 1", "4/5", "4/5 1/5", "1/5", dual(6)),
    "cressie-read 2": claim(family(2), "1/2 1/2", "0 1", "9/32", "7/8 1/8", "1/8", dual("6/7")),
}  # fmt: skip
# A bound above 1 is no bound, and a multiplier of 0 no price: all mass may move, with room to spare.
ROOMY = {
    "interval, full": claim("interval", "15/16 1/16", "0 1", "1/8", "1 0", "0", dual("1/2")),
    "wasserstein, free": claim(
        LINE, "1/2 1/2", "0 3", "9", "1 0", "0", dual(0), [[0, 0, "1/2"], [1, 0, "1/2"]]
    ),
}
# The same where a logarithm or a root comes in: the ends are right to 30 digits.
NARROW = {
    "kl": claim("kl", "1/2 1/2", "0 1", TILTED, "3/4 1/4", "1/4", dual(THREE)),
    "kl, moved": claim("kl", "1/2 1/2", "3 5", TILTED, "3 1", "7/2", dual(THREE / 2)),
    "kl, unused": claim("kl", "1 1 0", "3 5 0", TILTED, "3 1 0", "7/2", dual(THREE / 2)),
    "reverse-kl": claim("reverse-kl", "1/2 1/2", "0 1", HALF, "4/5 1/5", "1/5", dual(3)),
    "reverse-kl, moved": claim("reverse-kl", "1/2 1/2", "3 5", HALF, "4/5 1/5", "17/5", dual("3/2")),
    "reverse-kl, unused": claim(
        confined("reverse-kl"), "1 1 0", "3 5 0", HALF, "4 1 0", "17/5", dual("3/2")
    ),
    "reverse-kl, three": claim("reverse-kl", "2 1 1", "0 1 3", ELEVEN, "8 2 1", "5/11", dual(1)),
    "chi2, truncated": claim("chi2", "1 1 1", "0 1 3", "7/8", "3 1 0", "1/4", dual("2/3")),
    "cressie-read 3": claim(family(3), "1/2 1/2", "0 1", "1/8", "3/4 1/4", "1/4", dual("4/9")),
    "cressie-read 3/2": claim(family("3/2"), "1/5 4/5", "0 1", "14/15", "4/5 1/5", "1/5", dual("3/2")),
}  # fmt: skip


@pytest.mark.parametrize("data", [*TIGHT.values(), *ROOMY.values()], ids=[*TIGHT, *ROOMY])
def test_a_tight_claim_is_proved_and_anything_stronger_is_false(data: Json):
    """A point on the border counts as inside, and a dual that reaches the value exactly is enough."""
    end = F(data["lo"])
    assert verify(data) == (end, end)
    with pytest.raises(RefusedError, match=r"^it is false that the dual bound reaches lo$"):
        verify(data | {"lo": str(end + SMALL)})
    with pytest.raises(RefusedError, match=r"^the distribution has an expectation above hi$"):
        verify(data | {"hi": str(end - SMALL)})


@pytest.mark.parametrize("data", NARROW.values(), ids=NARROW)
def test_a_claim_that_is_right_to_thirty_digits_is_proved_and_a_stronger_one_is_false(data: Json):
    """Where the dual is irrational; the distribution is still exactly what it claims."""
    end = F(data["hi"])
    assert verify(data | {"lo": str(end - SMALL)}) == (end - SMALL, end)
    with pytest.raises(RefusedError, match=r"^it is false that the dual bound reaches lo$"):
        verify(data | {"lo": str(end + SMALL)})
    with pytest.raises(RefusedError, match=r"^the distribution has an expectation above hi$"):
        verify(data | {"lo": "0", "hi": str(end - SMALL)})


@pytest.mark.parametrize("data", [*TIGHT.values(), *NARROW.values()], ids=[*TIGHT, *NARROW])
def test_a_ball_that_is_smaller_by_a_hair_does_not_contain_the_distribution(data: Json):
    """By 10^-30: the divergence is evaluated from its definition, with every factor and at every state."""
    smaller = data | {"lo": "-9", "row": data["row"] | {"radius": str(F(data["row"]["radius"]) - SMALL)}}
    with pytest.raises(RefusedError, match=r"distribution lies in the ball$|^the plan exceeds the budget$"):
        verify(smaller)


def test_the_claimed_ends_are_returned():
    """Not the tightest interval that the proof would allow; the mean and the minimum prove one, too."""
    assert verify(TIGHT["tv"] | {"lo": "-3", "hi": "7"}) == (F(-3), F(7))


MOVES = [[0, 0, "1/2"], [1, 0, "1/4"], [1, 1, "1/4"]]
LISTED = claim(
    {"kind": "scenarios", "rows": [["3", "1"], ["0", "1"]]}, "1/2 1/2", "0 1", "1/2", "5/8 3/8", "3/8", "dual"
)
BOUNDED = TIGHT["bounds"]
WEIGHED, ROUND = TIGHT["weighted-l1"], TIGHT["ellipsoid"]
TV, WASSERSTEIN, RIGID = TIGHT["tv"], TIGHT["wasserstein"], claim("tv", "1 3", "0 1", 0, "1 3", "3/4", "mean")


REFUSALS: list[tuple[str, Json, Json]] = [
    ("^unknown format or version$", TV, TV | {"format": "drmg-game"}),
    ("^unknown format or version$", TV, TV | {"version": 2}),
    ("^unknown format or version$", TV, TV | {"version": 0}),
    ("^unknown uncertainty set$", TV, changed(TV, uncertainty={"kind": "total"})),
    ("^unknown support$", TV, changed(TV, uncertainty={"kind": "tv", "support": "some"})),
    ("^lengths differ, or the radius is negative$", RIGID, changed(RIGID, radius="-1/1000")),
    ("^lengths differ, or the radius is negative$", RIGID, changed(RIGID, nominal=["1", "3", "0"])),
    ("^lengths differ, or the radius is negative$", RIGID, changed(RIGID, values=["0", "1", "2"])),
    ("^the distribution has another length than the row$", RIGID, RIGID | {"distribution": ["1", "3", "0"]}),
    ("^the distribution has another length than the row$", RIGID, RIGID | {"distribution": ["1"]}),
    ("^weights are negative or sum to 0$", RIGID, RIGID | {"distribution": ["0", "0"]}),
    ("^weights are negative or sum to 0$", TV, TV | {"distribution": ["5/4", "-1/4"]}),
    ("^weights are negative or sum to 0$", TV, TV | {"distribution": ["-3/4", "-1/4"]}),
    ("^weights are negative or sum to 0$", RIGID, changed(RIGID, nominal=["0", "0"])),
    ("^weights are negative or sum to 0$", RIGID, changed(RIGID, nominal=["-1", "3"])),
    ("^lo is above the mean$", RIGID, RIGID | {"lo": str(F(3, 4) + SMALL)}),
    ("^the mean bounds nothing at a positive radius$", RIGID, changed(RIGID, radius=str(SMALL))),
    ("^the mean bounds nothing at a positive radius$", RIGID, changed(RIGID, radius="2")),
    ("^unknown kind of bound$", TV, TV | {"bound": {"kind": "hope", "at": "1"}}),
    ("^it is false that the dual", TV, changed(TV, radius="2") | {"lo": "1/2", "bound": dual(-1)}),
    ("^the multiplier is negative$", WASSERSTEIN, WASSERSTEIN | {"bound": dual("-1/1000")}),
    ("^ground is negative$", WASSERSTEIN, changed(WASSERSTEIN, uncertainty=transport(1, "0 1", "-1 0"))),
    ("^ground is negative$", WASSERSTEIN, changed(WASSERSTEIN, uncertainty=transport(1, "0 -1/9", "-1/9 0"))),
    ("^ground is not square$", WASSERSTEIN, changed(WASSERSTEIN, uncertainty=transport(1, "0 1", "1 0 9"))),
    ("^ground is not square$", WASSERSTEIN, changed(WASSERSTEIN, uncertainty=transport(1, "0 1", "1"))),
    ("^ground is not square$", WASSERSTEIN, changed(WASSERSTEIN, uncertainty=transport(1, "0 1"))),
    ("^ground is not square$", WASSERSTEIN, changed(WASSERSTEIN, uncertainty=transport(1, *["0 1"] * 3))),
    (
        "^it is false that the distribution lies in the ball$",
        LISTED,
        LISTED | {"distribution": ["3/4", "1/4"]},
    ),
    ("^it is false that the dual bound reaches lo$", LISTED, LISTED | {"lo": str(F(3, 8) + SMALL)}),
    (
        "^data of the set have another length$",
        LISTED,
        changed(LISTED, uncertainty={"kind": "scenarios", "rows": [["3", "1", "0"]]}),
    ),
    (
        "^bounds are no probabilities$",
        BOUNDED,
        changed(BOUNDED, uncertainty={"kind": "bounds", "lower": ["-1", "1/4"], "upper": ["1", "1"]}),
    ),
    ("^the multiplier is negative$", WEIGHED, WEIGHED | {"bound": dual("-1/1000")}),
    ("^the tilt is not positive$", ROUND, ROUND | {"bound": dual(0)}),
    *(
        (
            "^weights have another length, or are not positive$",
            WEIGHED,
            changed(WEIGHED, uncertainty=weighted("weighted-l1", w)),
        )
        for w in ("1", "1 3 3", "1 0", "1 -3")
    ),
    ("^the plan exceeds the budget$", WASSERSTEIN, changed(WASSERSTEIN, radius=str(F(1, 4) - SMALL))),
]


@pytest.mark.parametrize(("message", "accepted", "refused"), REFUSALS)
def test_what_proves_nothing_is_refused_and_its_neighbour_is_not(message: str, accepted: Json, refused: Json):
    """One number, word or length apart."""
    verify(accepted)
    with pytest.raises(RefusedError, match=message):
        verify(refused)


@pytest.mark.parametrize(
    ("message", "plan"),
    [
        ("^the plan has an illegal move$", [[0, 0, "1/2"], [1, 0, "-1/4"], [1, 0, "1/2"], [1, 1, "1/4"]]),
        ("^the plan has an illegal move$", [[0, 0, "1/2"], [-1, 0, "1/4"], [1, 1, "1/4"]]),
        ("^the plan has an illegal move$", [[0, 0, "1/2"], [1, -2, "1/4"], [1, 1, "1/4"]]),
        ("^the plan has an illegal move$", [[0, 0, "1/2"], [True, 0, "1/4"], [1, 1, "1/4"]]),
        ("^the plan has an illegal move$", [[0, 0, "1/2"], [1, False, "1/4"], [1, 1, "1/4"]]),
        ("^the plan has an illegal move$", [[0, 0, "1/2"], [True, False, "1/4"], [1, 1, "1/4"]]),
        ("^the plan does not carry p to q$", [[0, 0, "3/4"], [1, 1, "1/4"]]),  # not from p
        ("^the plan does not carry p to q$", [[0, 0, "1/2"], [1, 0, "1/8"], [1, 1, "3/8"]]),  # not to q
        ("^the plan does not carry p to q$", [[0, 0, "1/2"], [1, 0, "1/4"]]),  # to less than q
        ("^the plan does not carry p to q$", [[0, 0, "1/2"], [1, 0, "1/4"], [1, 1, "1/2"]]),  # too much
        ("^the plan does not carry p to q$", [[0, 0, "1/2"], [1, 0, "1/2"]]),  # too far
        ("^the plan does not carry p to q$", []),
        ("^malformed certificate: IndexError", [[0, 0, "1/2"], [2, 0, "1/4"], [1, 1, "1/4"]]),
        ("^malformed certificate: IndexError", [[0, 0, "1/2"], [1, 2, "1/4"], [1, 1, "1/4"]]),
    ],
)
def test_a_plan_that_does_not_carry_p_to_q_is_refused(message: str, plan: Json):
    """Beside the plan that does; a move of no mass is no harm."""
    verify(WASSERSTEIN | {"plan": [*MOVES, [0, 1, "0"]]})
    with pytest.raises(RefusedError, match=message):
        verify(WASSERSTEIN | {"plan": plan})


def test_every_state_sends_what_it_has():
    """One sends too much and another too little, while a third is right."""
    square = transport(1, "0 1 1", "1 0 1", "1 1 0")
    stay = [[0, 0, "1/4"], [1, 1, "1/4"], [2, 2, "1/2"]]
    data = claim(square, "1 1 2", "1 1 1", "9", "1 1 2", "1", "minimum", stay)
    assert verify(data)
    with pytest.raises(RefusedError, match=r"^the plan does not carry p to q$"):
        verify(data | {"plan": [[0, 0, "1/4"], [0, 1, "1/4"], [2, 2, "1/2"]]})


def test_a_plan_pays_for_each_move():
    """Two moves within the budget each, but not together."""
    square = transport(1, "0 1 1", "1 0 1", "1 1 0")
    data = claim(
        square, "0 1 1", "0 3 3", "1/4", "1 1 2", "9/4", dual(3),
        [[1, 0, "1/4"], [1, 1, "1/4"], [2, 2, "1/2"]],
    )  # fmt: skip
    assert verify(data) == (F(9, 4), F(9, 4))
    twice = [[1, 0, "1/4"], [1, 1, "1/4"], [2, 0, "1/4"], [2, 2, "1/4"]]
    with pytest.raises(RefusedError, match=r"^the plan exceeds the budget$"):
        verify(data | {"distribution": ["2", "1", "1"], "plan": twice})


def trivial(ball: Json) -> Json:
    """Return a claim that holds whatever the ball is: nothing moves, nothing is below the minimum."""
    return claim(ball, "1 1", "0 1", 0, "1 1", ("0", "1/2"), "minimum", [[0, 0, "1/2"], [1, 1, "1/2"]])


@pytest.mark.parametrize("alpha", ["8", "-8", "1/64", "127/64", "65/64", "63/64", "-1/64"])
def test_orders_of_the_family_up_to_eight_with_denominators_up_to_64_are_known(alpha: str):
    assert verify(trivial(family(alpha))) == (F(0), F(1, 2))


@pytest.mark.parametrize("alpha", ["9", "-9", "513/64", "-513/64", "1/65", "0", "1", "-1/65"])
def test_other_orders_are_refused(alpha: str):
    """At 0 and 1 the family has no formula: they are reverse KL and KL."""
    with pytest.raises(RefusedError, match=r"^alpha is out of range$"):
        verify(trivial(family(alpha)))


@pytest.mark.parametrize("order", [1, 2, 16])
def test_orders_of_transport_up_to_sixteen_are_known(order: int):
    assert verify(trivial(transport(order, "0 1", "1 0"))) == (F(0), F(1, 2))


@pytest.mark.parametrize("order", [0, -1, 17, True, 1.0, "1"])
def test_other_orders_of_transport_are_refused(order: Json):
    with pytest.raises(RefusedError, match=r"^order is out of range$|^malformed certificate: TypeError"):
        verify(trivial(transport(order, "0 1", "1 0")))


@pytest.mark.parametrize("kind", ["kl", "reverse-kl", "chi2", "hellinger"])
@pytest.mark.parametrize("at", ["0", "-1/1000000"])
def test_a_tilt_that_is_not_positive_is_refused(kind: str, at: str):
    """Its formula would divide by zero, or bound from above what it must bound from below."""
    with pytest.raises(RefusedError, match=r"^the tilt is not positive$"):
        verify(claim(kind, "1 1", "0 1", "1/8", "1 1", ("-999", "1"), dual(at)))
    assert verify(claim(kind, "1 1", "0 1", "1/8", "1 1", ("-999", "1"), dual("1/1000")))


@pytest.mark.parametrize(("radius", "whole"), [("2", True), ("3", True), ("15/8", False)])
def test_a_hellinger_ball_that_is_the_whole_simplex_has_no_tilt(radius: str, whole: bool):
    data = claim("hellinger", "1 1", "0 1", radius, "1 1", ("-9", "1"), dual("1"))
    if whole:
        with pytest.raises(RefusedError, match=r"^the ball is the whole simplex"):
            verify(data)
    else:
        assert verify(data)


@pytest.mark.parametrize("digits", [50, 100, 200, 400, 900, 1900])
def test_as_many_digits_are_used_as_the_proof_needs(digits: int):
    """A point mass is in the KL ball of radius log 2 rounded up, and not if it is rounded down."""
    for up in (True, False):
        data = claim("kl", "1 1", "0 1", logarithm(F(2), digits, up), "1 0", "0", "minimum")
        if up:
            assert verify(data) == (F(0), F(0))
        else:
            with pytest.raises(RefusedError, match=r"^it is false that the distribution lies in the ball$"):
                verify(data)


def test_a_claim_that_1920_digits_do_not_prove_is_refused():
    """Neither proved nor refuted: the inequality is true in its 1,960th digit."""
    data = claim("kl", "1 1", "0 1", logarithm(F(2), 1960, up=True), "1 0", "0", "minimum")
    with pytest.raises(RefusedError, match=r"^1920 digits do not prove that the distribution"):
        verify(data)


@pytest.mark.parametrize("alpha", ["-3/7", "3/7", "17/7"])
def test_odd_powers_are_enclosed_to_as_many_digits_as_it_takes(alpha: str):
    """Powers are evaluated with the precision of the attempt, not with the first one."""
    a, t = F(alpha), F(3, 2)
    with localcontext() as context:
        context.prec = 150
        powers = [Decimal(x.numerator) / x.denominator for x in (t, 2 - t)]
        exact = sum((x ** (Decimal(a.numerator) / a.denominator) for x in powers), Decimal(0)) / 2
    divergence = (F(exact) - 1) / (a * (a - 1))
    inside, outside = (str(divergence + sign * F(1, 10**100)) for sign in (1, -1))
    data = claim(family(alpha), "1 1", "0 1", inside, "3 1", ("0", "1/4"), "minimum")
    assert verify(data) == (F(0), F(1, 4))
    with pytest.raises(RefusedError, match=r"^it is false that the distribution lies in the ball$"):
        verify(changed(data, radius=outside))
