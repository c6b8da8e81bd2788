"""Laws of the discounted robust backup: what makes values, stopping rules and certificates of it sound."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from hypothesis.strategies import SearchStrategy

from drmg_check.sets import TotalVariation
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour
from drmg_properties.claims.own._cases import Guess, guesses, signals
from drmg_properties.claims.own._derived import (
    ONE,
    SOURCE,
    average_after,
    average_before,
    contraction,
    death,
    gains,
    greedy,
    horizon,
    monotone,
    opposite,
    padded,
    shift,
    stage_game,
    whole_simplex,
)
from drmg_properties.strategies import Variety

_ANY: Generated[Guess] = Generated(guesses)
_TOLD: Generated[Guess] = Generated(guesses, corners=signals)


def _law(
    n: int,
    title: str,
    said: tuple[str, str],
    derive: Callable[[Guess], Derivation],
    neighbour: Neighbour[Guess],
    search: Generated[Guess] = _ANY,
) -> Claim[Guess]:
    """Return a claim; what is said is a sentence and a formula."""
    statement, latex = said
    return Claim(
        id=f"DISCOUNT-{n}",
        place=SOURCE,
        title=title,
        statement=statement,
        latex=latex,
        formalisation=(
            "Agent 0 of a discounted game of few states with polyhedral sets, in fractions; T answers best, "
            "T_pi obeys, both against the worst case of the discounted values."
        ),
        assumptions=("(s, a)-rectangular sets", "0 <= discount < 1"),
        reading="intended",
        instance_type=Guess,
        search=search,
        derive=derive,
        neighbours=(neighbour,),
    )


def _total_variation(budget: Budget) -> SearchStrategy[Guess]:
    return guesses(budget, uncertainty=TotalVariation())


def _without_costs(budget: Budget) -> SearchStrategy[Guess]:
    return guesses(budget, variety=Variety(places=True))


CLAIMS = (
    _law(
        1,
        "The backup contracts by the discount",
        (
            "The images of two guesses under T are closer to each other than the guesses, by the discount.",
            r"\|TV - TW\|_\infty \le \gamma \|V - W\|_\infty",
        ),
        contraction(ONE),
        Neighbour("99/100 of the discount", contraction(Fraction(99, 100))),
    ),
    _law(
        2,
        "The backup keeps the order",
        (
            "If V <= U in all states, then TV <= TU.",
            r"V \le U \Rightarrow TV \le TU",
        ),
        monotone(Fraction(0)),
        Neighbour("and TU is larger by half of the gain", monotone(Fraction(1, 2))),
    ),
    _law(
        3,
        "A constant comes out discounted",
        (
            "If all values rise by c, those of T rise by gamma c.",
            r"T(V + c) = TV + \gamma c",
        ),
        shift(is_discounted=True),
        Neighbour("undiscounted", shift(is_discounted=False)),
    ),
    _law(
        4,
        "A ball that is the simplex leaves the least value",
        (
            "With total variation of radius 1 the backup is the largest reward and the discounted minimum"
            " of V.",
            r"(TV)(s) = \max_a r(s, a) + \gamma \min V",
        ),
        whole_simplex(ONE),
        Neighbour("at the radius 99/100", whole_simplex(Fraction(99, 100))),
        Generated(_total_variation),
    ),
    _law(
        5,
        "A horizon cuts off what is left, discounted",
        (
            "With rewards >= 0, the value of H discounted steps is at most gamma^H max r / (1 - gamma) "
            "below the value.",
            r"V_H \le V \le V_H + \gamma^H r_{\max} / (1 - \gamma)",
        ),
        horizon(0),
        Neighbour("gamma^(H + 1)", horizon(1)),
        Generated(_without_costs),
    ),
    _law(
        6,
        "A death inside the ball costs more than a discount",
        (
            "Dying with probability 1 - gamma is a discount if it stands beside the ball; inside a ball "
            "of total variation the worst case of values >= 0 is not larger.",
            r"\sigma_{\mathrm{inside}}(V, 0) \le \gamma \sigma(V)",
        ),
        death(is_equal=False),
        Neighbour("it is the same", death(is_equal=True)),
        Generated(_total_variation),
    ),
    _law(
        7,
        "The greedy policy of the best response attains it",
        (
            "Answering best to the value of the best response, always and in every state, is worth that "
            "value.",
            r"V^{\mathrm{greedy}(V^*)} = V^*",
        ),
        greedy(of_value=True),
        Neighbour("greedy for the rewards alone", greedy(of_value=False)),
    ),
    _law(
        8,
        "A state that nobody can reach changes nothing",
        (
            "With the nominal support, a further state that no row reaches changes no value, however bad "
            "it is.",
            r"V_{S + 1} = V_S",
        ),
        padded("nominal"),
        Neighbour("the adversary may go anywhere", padded("all")),
        Generated(_total_variation),
    ),
    _law(
        9,
        "A best response averages after the worst case",
        (
            "The value of a best response is the fixed point of the maximum over own actions of the others' "
            "average of worst cases.",
            r"V(s) = \max_{a_i} \sum_{a_{-i}} \pi_{-i} [r + \gamma \sigma_{s, a}(V)]",
        ),
        average_after,
        Neighbour("the kernel is averaged before", average_before),
        _TOLD,
    ),
    _law(
        10,
        "Answering recommendations never loses",
        (
            "What the best answers to recommendations earn is at least what obeying earns.",
            r"V^{\pi} \le \max_\phi V^{\phi \circ \pi}",
        ),
        gains(told=True),
        Neighbour("ignoring them neither", gains(told=False)),
        _TOLD,
    ),
    _law(
        11,
        "Without a future a discounted game is its stage",
        (
            "At the discount 0 the value is the expected reward.",
            r"\gamma = 0: \quad V^\pi(s) = E_\pi r(s, a)",
        ),
        stage_game(Fraction(0)),
        Neighbour("at the discount 1/100", stage_game(Fraction(1, 100))),
    ),
    _law(
        12,
        "Natures of one's own take from both",
        (
            "Two agents of opposite rewards, each with an adversary of its own, expect at most 0 together.",
            r"V_0 + V_1 \le 0",
        ),
        opposite(is_equal=False),
        Neighbour("exactly 0", opposite(is_equal=True)),
    ),
)
