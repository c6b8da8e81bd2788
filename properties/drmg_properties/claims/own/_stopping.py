"""When an iteration may stop: rules that bound the error, rules of others that do not, and the span law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import RobustMarkovGame, uniform_policy
from drmg_check.sets import Contamination, KullbackLeibler, TotalVariation, UncertaintySet
from drmg_check.vocabulary import Array, Number, Verdict, exact
from drmg_oracles import evaluate_exactly
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.own._cases import (
    Guess,
    Vector,
    answered,
    described,
    distance,
    guesses,
    obeyed,
    shifted,
)
from drmg_properties.strategies import Variety

EPSILON = Fraction(1, 100)


def one_agent(
    P: Array,
    paid: Sequence[Number],
    discount: Number,
    radius: Number = 0,
    ball: UncertaintySet | None = None,
) -> Guess:
    """Return a process of one action, of total variation unless another ball is given, with guesses 0."""
    game = RobustMarkovGame(
        transition=P[:, None],
        reward=np.array([exact(x) for x in paid], dtype=object)[:, None],
        radius=np.array(exact(radius), dtype=object),
        uncertainty=(ball or TotalVariation(),),
        actions=(1,),
        horizon=1,
    )
    zero = (Fraction(0),) * len(paid)
    return Guess(game, uniform_policy(game), exact(discount), zero, zero)


def loops(_: Budget) -> list[Guess]:
    """Return one state that pays 1 for ever, at growing discounts."""
    return [one_agent(np.ones((1, 1)), [1], discount) for discount in ("1/2", "9/10", "99/100")]


def relay() -> Guess:
    """Return fifteen states in a row, the first worth 0: what it costs comes back from states 1 and 13."""
    rows = np.eye(15, k=1)
    rows[14, 14] = 1
    paid = [Fraction(s in (1, 13)) for s in range(15)]
    paid[0] = -(1 + Fraction(1, 2**12)) / 2
    return one_agent(rows, paid, "1/2")


def chains(ball: UncertaintySet) -> list[Guess]:
    """Return good, which pays 1 for ever, and bad, which pays nothing, at several discounts and radii."""
    pairs = (("1/2", 1), ("9/10", "1/10"), ("99/100", "1/2"), ("99/100", "1/10"))
    return [one_agent(np.eye(2), [1, 0], discount, radius, ball) for discount, radius in pairs]


def _value(case: Guess) -> Vector:
    return tuple(evaluate_exactly(case.model, case.policy).lo[0, 0])


def _macqueen(share: Fraction) -> Callable[[Guess], Derivation]:
    """Derive ``TV + share gamma b / (1 - gamma) <= V* <= TV + share gamma B / (1 - gamma)``."""

    def derive(case: Guess) -> Derivation:
        V, TV, value = case.V, obeyed(case, case.V), _value(case)
        change = tuple(a - b for a, b in zip(TV, V, strict=True))
        ahead = share * case.discount / (1 - case.discount)
        low, high = shifted(TV, ahead * min(change)), shifted(TV, ahead * max(change))
        lines = partial(described, case, ("V", V), ("TV", TV), ("V*", value), ("lower", low), ("upper", high))
        return both(
            *(at_most(a, b, lines) for a, b in zip(low, value, strict=True)),
            *(at_most(a, b, lines) for a, b in zip(value, high, strict=True)),
        )

    return derive


def _residual(factor: Callable[[Fraction], Fraction]) -> Callable[[Guess], Derivation]:
    """Derive that the error of TV is at most ``factor(gamma) |TV - V|``."""

    def derive(case: Guess) -> Derivation:
        TV, value = obeyed(case, case.V), _value(case)
        return at_most(
            distance(TV, value),
            factor(case.discount) * distance(TV, case.V),
            lambda: described(case, ("V", case.V), ("TV", TV), ("V*", value)),
            silent="" if distance(TV, case.V) else "V is the fixed point",
        )

    return derive


def _stopped(case: Guess, stops: Callable[[Guess, Vector, Vector], bool]) -> Derivation:
    """Derive that a rule which asks for epsilon stops within epsilon, relatively to the value or at it."""
    V = case.V
    while not stops(case, V, new := answered(case, V)):
        V = new
    value = _value(case)
    parts = (
        at_most(
            abs(x - v),
            EPSILON * abs(v),
            lambda: described(case, ("TV at the stop", new), ("V*", value)),
        )
        for x, v in zip(new, value, strict=True)
    )
    return both(*parts)


def _each_relatively(case: Guess, V: Vector, new: Vector) -> bool:
    share = (1 - case.discount) / case.discount * EPSILON
    return all(abs(x - v) <= share * abs(x) for x, v in zip(new, V, strict=True))


def _span(factor: Fraction) -> Callable[[Guess], Derivation]:
    """Derive ``sp V <= factor / (1 - gamma + gamma rho)``."""

    def derive(case: Guess) -> Derivation:
        value, rho = _value(case), Fraction(min(case.game.radius[0].ravel()))
        bound = factor / (1 - case.discount + case.discount * rho)
        return at_most(max(value) - min(value), bound, lambda: described(case, ("V", value)))

    return derive


def _contaminated(*, is_shrunk: bool) -> Callable[[Guess], Derivation]:
    """Derive that contamination R with a state of value 0 is the nominal process at gamma (1 - R)."""

    def derive(case: Guess) -> Derivation:
        game, R = case.game, Fraction(case.game.radius[0, 0, 0, 0])
        bare = RobustMarkovGame(
            transition=game.transition,
            reward=game.reward,
            radius=np.zeros(()),
            uncertainty=game.uncertainty,
            actions=game.actions,
        )
        discount = case.discount * (1 - R) if is_shrunk else case.discount
        robust, nominal = _value(case), _value(Guess(bare, case.policy, discount, case.V, case.W))
        lines = partial(described, case, ("robust", robust), ("nominal", nominal))
        return both(*(equal(a, b, lines) for a, b in zip(robust, nominal, strict=True)))

    return derive


def _without_costs(budget: Budget) -> SearchStrategy[Guess]:
    return guesses(budget, uncertainty=TotalVariation(), variety=Variety(places=True))


def _failing(budget: Budget) -> SearchStrategy[Guess]:
    return guesses(
        budget, uncertainty=Contamination(), variety=Variety(), failure_states=1, max_states=1 + budget.size
    )


def _rule(n: int, place: str, title: str, statement: str, latex: str, **fields: object) -> Claim[Guess]:
    return Claim(
        id=f"DISCOUNT-{n}",
        place=place,
        title=title,
        statement=statement,
        latex=latex,
        formalisation="Exactly, in games of few states; the value is the fixed point in fractions.",
        assumptions=("(s, a)-rectangular sets", "0 <= discount < 1"),
        instance_type=Guess,
        **fields,  # type: ignore[arg-type] # each call below gives the others
    )


def _known(gamma: Fraction) -> Fraction:
    return gamma / (1 - gamma)


CLAIMS = (
    _rule(
        13,
        "a reading of R-contamination",
        "Contamination with a state of value 0 is a smaller discount",
        "If the least value is 0, the value under contamination R is the nominal one at gamma (1 - R).",
        r"\min V = 0: \quad V_{R, \gamma} = V_{0, \gamma (1 - R)}",
        reading="intended",
        search=Generated(_failing),
        derive=_contaminated(is_shrunk=True),
        neighbours=(Neighbour("at the same discount", _contaminated(is_shrunk=False)),),
    ),
    _rule(
        14,
        "derived here",
        "The span of values under total variation",
        "With rewards in [0, 1], values differ by at most 1 / (1 - gamma + gamma rho); a chain attains it.",
        r"\mathrm{sp}(V) \le \frac{1}{1 - \gamma + \gamma \rho}",
        reading="corrected",
        search=Generated(_without_costs, corners=lambda _: chains(TotalVariation())),
        derive=_span(Fraction(1)),
        neighbours=(Neighbour("99/100 of it", _span(Fraction(99, 100))),),
    ),
    _rule(
        15,
        "a law of total variation, carried over",
        "The same span under KL",
        "Under KL, too, values differ by at most 1 / (1 - gamma + gamma rho).",
        r"\mathrm{sp}(V) \le \frac{1}{1 - \gamma + \gamma \rho}",
        search=Exhaustive(lambda _: chains(KullbackLeibler())),
        derive=_span(Fraction(1)),
        severity="result false",
        corrected="DISCOUNT-14",
        expected=Verdict.REFUTED,
    ),
    _rule(
        16,
        "MacQueen (1966), Porteus (1971)",
        "One sweep bounds the value from both sides",
        "The value lies between TV plus gamma / (1 - gamma) times the least and the largest change.",
        r"TV + c \min(TV - V) \le V^* \le TV + c \max(TV - V), \quad c = \gamma / (1 - \gamma)",
        reading="intended",
        search=Generated(guesses, corners=loops),
        derive=_macqueen(Fraction(1)),
        neighbours=(Neighbour("99/100 of the change", _macqueen(Fraction(99, 100))),),
    ),
    _rule(
        17,
        "value iteration with an absolute change",
        "A change of (1 - gamma) / gamma epsilon means an error of epsilon",
        "The error of an iterate is at most gamma / (1 - gamma) times its last change.",
        r"\|V_{k+1} - V^*\| \le \tfrac{\gamma}{1 - \gamma} \|V_{k+1} - V_k\|",
        reading="corrected",
        search=Generated(guesses, corners=loops),
        derive=_residual(_known),
        neighbours=(Neighbour("99/100 of it", _residual(lambda gamma: Fraction(99, 100) * _known(gamma))),),
    ),
    _rule(
        18,
        "value iteration that stops at a small residual",
        "A residual below epsilon means an error below epsilon",
        "If an iterate changes by less than epsilon, its error is less than epsilon.",
        r"\|V_{k+1} - V_k\| < \epsilon \Rightarrow \|V_{k+1} - V^*\| < \epsilon",
        search=Exhaustive(loops),
        derive=_residual(lambda gamma: Fraction(1)),
        severity="result false",
        corrected="DISCOUNT-17",
        expected=Verdict.REFUTED,
    ),
    _rule(
        19,
        "value iteration with a relative change in each state",
        "A relatively small change in each state means a relatively small error",
        "With c = (1 - gamma) / gamma: if in each state the change is at most c epsilon times the value, "
        "then each value is known up to the share epsilon; here epsilon = 1/100.",
        r"|V_{k+1} - V_k| \le c \epsilon |V_{k+1}| \Rightarrow |V_{k+1} - V^*| \le \epsilon |V^*|",
        search=Exhaustive(lambda _: [relay()]),
        derive=lambda case: _stopped(case, _each_relatively),
        severity="result false",
        corrected="DISCOUNT-17",
        expected=Verdict.REFUTED,
    ),
)
